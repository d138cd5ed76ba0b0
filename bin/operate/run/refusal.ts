import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'
import type { Heard } from './asked.ts'
import type { WatchedCheck } from './destination.ts'

/** Why a ping is not taken; undefined when it is. Some servers say so in the text of a 200. */
export function refusalIn(
  { status, headers, text }: Heard,
  check: WatchedCheck,
): string | undefined {
  if (status >= 300 && status < 400)
    return `it is redirected to ${hostOf(headers.location)}; give the address there`
  const said = /^[\x20-\x7e]{1,60}$/.test(text.trim()) ? text.trim() : ''
  const isTaken = (status === 200 || status === 201) && !said.startsWith('OK (')
  if (isTaken) return undefined
  const meaning = meaningOf(said, check)
  return `the answer is ${status}${said && ` ${said}`}${meaning && `: ${meaning}`}`
}

/** The path may hold a key. */
function hostOf(location: string | undefined): string {
  return (location !== undefined && URL.parse(location)?.host) || 'elsewhere'
}

/** What an answer of Overdue, or of Healthchecks, may mean; empty for any other. */
function meaningOf(said: string, { name, create, definition }: WatchedCheck): string {
  if (said === 'ambiguous slug')
    return `several checks have the slug ${name}; overdue check list shows their UUIDs`
  if (!['not found', 'OK (not found)', 'not authorized'].includes(said)) return ''
  if (parseUuid(name) !== undefined) return 'no check has this UUID'
  if (create === true && definition === undefined) return 'no project has this ping key'
  const remedy = create === true ? '' : '; overdue check add makes it, or overdue run --create'
  return `no check ${name}, or the ping key is another project's${remedy}`
}
