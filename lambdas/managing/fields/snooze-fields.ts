import * as z from 'zod'
import { snoozeSeconds } from '../../domain/watching/snooze.ts'
import { FieldError } from './field-error.ts'
import { type GivenFields, instant, parsed, whole } from './parsing.ts'

const { most } = snoozeSeconds

/** For how long a check is snoozed, or until when. */
export const snoozeFields = z.object({
  seconds: whole(snoozeSeconds).optional(),
  until: instant().optional().describe(`Instead of seconds, and at most ${most} of them ahead`),
})

/** Until when a check is to be snoozed. @throws FieldError of all that is wrong. */
export function parseSnooze(body: GivenFields, now: number): number {
  const { seconds, until } = parsed(snoozeFields, body)
  if ((seconds === undefined) === (until === undefined))
    throw bad([], 'takes either seconds or until')
  if (until === undefined) return now + (seconds ?? 0) * 1000
  if (until <= now) throw bad(['until'], 'is past')
  if (until > now + most * 1000) throw bad(['until'], `is more than ${most} seconds ahead`)
  return until
}

function bad(path: readonly string[], words: string): FieldError {
  return new FieldError({ path, words })
}
