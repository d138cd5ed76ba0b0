import { block, shortened } from '../../../lambdas/domain/wire/plain-text.ts'
import type { ProjectApi } from '../api/project-api.ts'
import type { ShownCheck } from './api.ts'
import { readPingBody, readLastFlip, readPings, type ShownPing } from './log-api.ts'
import { tookText } from './show-log.ts'

/** What is known of why a check is down: labelled words, and the last lines of its last body. */
export type WhyDown = {
  readonly rows: readonly (readonly [string, string | undefined])[]
  readonly lastLines: readonly string[]
}

/** Reads what led to an outage; a read-only key sees when it began, and no more. */
export async function readWhyDown(check: ShownCheck, client: ProjectApi): Promise<WhyDown> {
  const { uuid, unique_key: key } = check
  const flip = await readLastFlip(client, uuid ?? key ?? '')
  const since = flip?.up === 0 ? flip.timestamp : undefined
  const pings = uuid === undefined ? [] : await readPings(client, uuid)
  const signal = pings.find(({ type }) => type !== 'log' && type !== 'ign')
  const lastLines =
    uuid === undefined || signal === undefined || signal.body_url === null
      ? []
      : // A body may not be kept yet, or any more; the rest is shown all the same.
        lastLinesOf(await readPingBody(client, uuid, signal.n).catch(() => ''))
  const rows = [
    ['down since', since],
    ['because', since === undefined ? undefined : causeIn(pings, since)],
    ['last signal', signal && signalText(signal)],
  ] as const
  return { rows, lastLines }
}

/** What brought a check down came in the same second; undefined where that is no longer listed. */
function causeIn(pings: readonly ShownPing[], since: string): string | undefined {
  const downAt = Math.floor(Date.parse(since) / 1000)
  const secondOf = ({ date }: ShownPing) => Math.floor(Date.parse(date) / 1000)
  const ends = pings.filter(
    (ping) => secondOf(ping) === downAt && ['success', 'fail'].includes(ping.type),
  )
  if (ends.some(({ type }) => type === 'fail')) return 'its job said that it failed'
  if (ends.length > 0) return 'its last run broke a rule'
  return pings.some((ping) => secondOf(ping) < downAt) ? 'a ping did not come in time' : undefined
}

function signalText({ type, exit_status: status, date, duration }: ShownPing): string {
  const exit = status === undefined ? '' : `, exit status ${status},`
  const took = duration === undefined ? '' : `, after ${tookText(duration)}`
  return `${type}${exit} at ${date}${took}`
}

const MOST_LINES = 5
const MOST_CHARACTERS = 200

function lastLinesOf(body: string): readonly string[] {
  return block(body)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-MOST_LINES)
    .map((line) => shortened(line, MOST_CHARACTERS))
}
