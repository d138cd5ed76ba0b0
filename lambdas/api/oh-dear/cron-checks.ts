import type { NamedChange } from '../../managing/sync-checks.ts'
import type { Body } from '../body.ts'
import { HttpError } from '../http-error.ts'
import { syncFields } from './cron-check-fields.ts'

const LONGEST_SHOWN = 100

/**
 * The checks that a request names, as it wants them.
 * @throws HttpError of the first thing that is wrong, with the name of its check.
 */
export function parseCronChecks(body: Body): readonly NamedChange[] {
  const result = syncFields.safeParse(body)
  if (result.success) return result.data.cron_checks
  const [{ path, message } = { path: [], message: 'is not a sync' }] = result.error.issues
  const [, index, field] = path
  const check = index === undefined ? undefined : inside(body['cron_checks'], index)
  const place = index === undefined ? 'cron_checks' : nameOf(check, Number(index))
  if (field === undefined) throw new HttpError(422, `${place} ${message}`)
  const value = inside(check, field)
  const got = value === undefined ? '' : `, got ${short(JSON.stringify(value))}`
  throw new HttpError(422, `${place}: ${String(field)} ${message}${got}`)
}

/** It goes first: Laravel shows little more than a hundred characters of an answer. */
function nameOf(check: unknown, index: number): string {
  const name = inside(check, 'name')
  return typeof name === 'string' ? `check "${short(name)}"` : `check number ${index + 1}`
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function short(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}
