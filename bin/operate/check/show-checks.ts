import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import type { ProjectApi } from '../api/project-api.ts'
import { ChannelsApi } from '../channel/api.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { columns, table } from '../table.ts'
import type { ChecksApi, ListedBy, ShownCheck } from './api.ts'
import { checkInWords, checkNamed, handleOf } from './named-check.ts'

export const shownStatuses = ['new', 'up', 'grace', 'down', 'paused'] as const

type Listed = ListedBy & { readonly status?: string }

/** The checks of a project, or those that are asked for. */
export async function listChecks(
  api: ChecksApi,
  { status, ...listed }: Listed,
): Promise<CommandAnswer> {
  const found = await api.list(listed)
  const checks = found.filter((check) => status === undefined || check.status === status)
  return {
    text: checks.length === 0 ? noChecks(listed, status) : listText(checks),
    json: { checks },
  }
}

function noChecks({ tag = [], slug }: ListedBy, status: string | undefined): string {
  return tag.length === 0 && slug === undefined && status === undefined
    ? 'No check yet. Make one with overdue check add.'
    : 'No check matches.'
}

function listText(checks: readonly ShownCheck[]): string {
  // A slug that several have names none of them.
  const slugs = Map.groupBy(checks, ({ slug }) => slug)
  const rows = checks.map((check) => {
    const isUnclear = (slugs.get(check.slug)?.length ?? 0) > 1
    return [
      handleOf(isUnclear ? { ...check, slug: '' } : check),
      check.status,
      check.last_ping ?? 'never',
      check.next_ping ?? '-',
      check.name,
    ]
  })
  return table(['CHECK', 'STATUS', 'LAST PING', 'DUE', 'NAME'], rows)
}

/** One check, and whom it tells. */
export async function showCheck(
  api: ChecksApi,
  client: ProjectApi,
  wanted: string,
): Promise<CommandAnswer> {
  const check = await checkNamed(api, wanted)
  return { text: await shownText(check, client), json: { check } }
}

/** A check for people. The names of its channels are asked for. */
export async function shownText(check: ShownCheck, client: ProjectApi): Promise<string> {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['schedule', scheduleText(check)],
    ['grace', durationText(check.grace)],
    ['last ping', check.last_ping ?? 'never'],
    ['due', check.next_ping ?? undefined],
    ['snoozed until', check.snoozed_until],
    ['alerts wait', check.held],
    ['tags', check.tags],
    ['tells', await tellsText(check, client)],
    ['managed by', check.managed_by],
    ['pinged at', check.ping_url],
  ]
  const known = rows.flatMap(([label, text = '']) => (text === '' ? [] : [[label, text]]))
  const about = check.desc === '' ? [] : [check.desc]
  return [
    `The ${checkInWords(check)} is ${check.status}.`,
    indented(columns(known)),
    ...about,
  ].join('\n')
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

function scheduleText({ timeout, schedule = '', tz = 'UTC' }: ShownCheck): string {
  return timeout === undefined ? `${schedule} in ${tz}` : `every ${durationText(timeout)}`
}

async function tellsText(
  { channels }: ShownCheck,
  client: ProjectApi,
): Promise<string | undefined> {
  if (channels === undefined) return undefined
  if (channels === '') return 'nobody'
  const ids = channels.split(',')
  const known = await new ChannelsApi(client).list()
  return ids.map((id) => known.find((channel) => channel.id === id)?.name || id).join(', ')
}
