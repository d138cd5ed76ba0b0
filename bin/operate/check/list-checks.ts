import type { CommandAnswer } from '../command-answer.ts'
import { table } from '../table.ts'
import type { ChecksApi, ListedBy, ShownCheck } from './api.ts'
import { handleOf } from './named-check.ts'

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
