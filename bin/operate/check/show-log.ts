import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import type { ProjectApi } from '../api/project-api.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { type LogLine, logText, pingDetails } from '../log-lines.ts'
import type { ChecksApi } from './api.ts'
import { readPings, type ShownPing } from './log-api.ts'
import { ownCheckNamed } from './named-check.ts'

type Asked = { readonly wanted: string; readonly limit: number }

/** The last pings of a check, newest first. */
export async function showCheckLog(
  api: ChecksApi,
  client: ProjectApi,
  { wanted, limit }: Asked,
): Promise<CommandAnswer> {
  const { uuid } = await ownCheckNamed(api, wanted)
  const pings = (await readPings(client, uuid)).slice(0, limit)
  return { text: logText(pings.map(lineOf)), json: { pings } }
}

function lineOf(ping: ShownPing): LogLine {
  const { n: number, exit_status: exitStatus, rid, duration } = ping
  const said = pingDetails({ number, exitStatus, runId: rid ?? undefined })
  const took = duration === undefined ? '' : `, took ${tookText(duration)}`
  return { at: ping.date, what: ping.type, details: `${said}${took}` }
}

/** Short runs are told apart by parts of a second. */
export function tookText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : durationText(Math.round(seconds))
}
