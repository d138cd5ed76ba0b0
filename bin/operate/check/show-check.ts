import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import type { ProjectApi } from '../api/project-api.ts'
import { ChannelsApi } from '../channel/api.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { columns } from '../table.ts'
import type { ChecksApi, ShownCheck } from './api.ts'
import { checkInWords, checkNamed } from './named-check.ts'
import { tookText } from './show-log.ts'
import { readWhyDown, type WhyDown } from './why-down.ts'

/** One check, whom it tells, and why it is down, if it is. */
export async function showCheck(
  api: ChecksApi,
  client: ProjectApi,
  wanted: string,
): Promise<CommandAnswer> {
  const check = await checkNamed(api, wanted)
  const whyDown = check.status === 'down' ? await readWhyDown(check, client) : undefined
  return { text: await shownText(check, client, whyDown), json: { check } }
}

/** A check for people. The names of its channels are asked for. */
export async function shownText(
  check: ShownCheck,
  client: ProjectApi,
  { rows: reasons, lastLines }: WhyDown = { rows: [], lastLines: [] },
): Promise<string> {
  const nameOf = await channelNames(check, client)
  const rows: WhyDown['rows'] = [
    ...reasons,
    ['schedule', scheduleText(check)],
    ['grace', durationText(check.grace)],
    ['rules', rulesText(check)],
    ['last ping', check.last_ping ?? 'never'],
    [
      'last run took',
      check.last_duration === undefined ? undefined : tookText(check.last_duration),
    ],
    ['due', check.next_ping ?? undefined],
    ['snoozed until', check.snoozed_until],
    ['alerts wait', check.held],
    ['tags', check.tags],
    ['tells', tellsText(check, nameOf)],
    ...escalationRows(check, nameOf),
    ['managed by', check.managed_by],
    ['pinged at', check.ping_url],
  ]
  const known = rows.flatMap(([label, text = '']) => (text === '' ? [] : [[label, text]]))
  const about = check.desc === '' ? [] : [check.desc]
  return [
    `The ${checkInWords(check)} is ${check.status}.`,
    indented(columns(known)),
    ...about,
    ...(lastLines.length === 0 ? [] : ['Its last signal said:', indented(lastLines.join('\n'))]),
  ].join('\n')
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

function scheduleText({ timeout, schedule = '', tz = 'UTC' }: ShownCheck): string {
  return timeout === undefined ? `${schedule} in ${tz}` : `every ${durationText(timeout)}`
}

/** But for escalations, in the words of `--set rules=…`. */
function rulesText({ rules: { escalate: _, ...others } = {} }: ShownCheck): string | undefined {
  return Object.keys(others).length === 0 ? undefined : JSON.stringify(others)
}

type NameOf = (ids: string) => string

/** Names of channels by ids with commas between; kind and id where there is no name. */
async function channelNames(check: ShownCheck, client: ProjectApi): Promise<NameOf> {
  const isNamed = (check.channels ?? '') !== '' || check.rules?.escalate !== undefined
  const known = isNamed ? await new ChannelsApi(client).list() : []
  const names = new Map(known.map(({ id, name, kind }) => [id, name || `${kind} ${id}`]))
  return (ids) =>
    ids
      .split(',')
      .map((id) => names.get(id) ?? id)
      .join(', ')
}

function tellsText({ channels }: ShownCheck, nameOf: NameOf): string | undefined {
  return channels === '' ? 'nobody' : channels && nameOf(channels)
}

function escalationRows({ rules }: ShownCheck, nameOf: NameOf): WhyDown['rows'] {
  return (rules?.escalate ?? []).map(({ after, channels }) => [
    'escalates',
    `after ${durationText(after)} to ${nameOf(channels)}`,
  ])
}
