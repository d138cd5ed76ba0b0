import * as z from 'zod'
import { checkBounds } from '../../domain/watching/check-bounds.ts'
import { keeperAfter } from '../../domain/watching/managed-by.ts'
import {
  type Window,
  type WindowFields,
  type WindowTimes,
  windowSeconds,
} from '../../domain/watching/window.ts'
import { FieldError } from './field-error.ts'
import { type GivenFields, instant, managedByField, parsed, whole } from './parsing.ts'
import { scheduleField, textField, timeZoneField } from './check-shape.ts'

/** All are optional: what is absent stays as it is, or is empty. */
export const windowFields = z.object({
  name: textField(checkBounds.longestName).optional(),
  tags: textField(checkBounds.longestTags)
    .optional()
    .describe('For checks with any of these tags; for all checks where there are none'),
  start: instant().optional().describe('When it begins, for a window that is once'),
  schedule: scheduleField.optional().describe('When it begins, for one that comes again'),
  tz: timeZoneField.optional().describe('The time zone of the schedule, UTC unless given'),
  seconds: whole(windowSeconds).optional(),
  managed_by: managedByField(),
})

/** A window that a request asks for. @throws FieldError of all that is wrong. */
export function newWindow(body: GivenFields): WindowFields {
  const { name = '', tags = '', seconds, managed_by, ...given } = parsed(windowFields, body)
  if (seconds === undefined) throw refusedFor(['seconds'], 'is missing')
  const keeper = keeperAfter(managed_by, {})
  return { name, tags, lengthSeconds: seconds, times: timesOf(given, undefined), ...keeper }
}

/**
 * What a request makes of a window: what it does not name stays. @throws FieldError of
 * all that is wrong.
 */
export function changeOfWindow(body: GivenFields): (window: Window) => WindowFields {
  const { name, tags, seconds, managed_by, ...given } = parsed(windowFields, body)
  return (window) => ({
    name: name ?? window.name,
    tags: tags ?? window.tags,
    lengthSeconds: seconds ?? window.lengthSeconds,
    times: timesOf(given, window.times),
    ...keeperAfter(managed_by, window),
  })
}

type GivenTimes = Pick<z.infer<typeof windowFields>, 'start' | 'schedule' | 'tz'>

function timesOf(given: GivenTimes, before: WindowTimes | undefined): WindowTimes {
  const { start: startAt, schedule: again, tz } = given
  if (startAt !== undefined && again !== undefined)
    throw refusedFor([], 'start and schedule must not stand together')
  if (startAt !== undefined) return { kind: 'once', startAt: Math.floor(startAt / 1000) * 1000 }
  const known = before?.kind === 'recurring' ? before : undefined
  const wanted = again ?? known?.schedule
  if (wanted !== undefined)
    return { kind: 'recurring', schedule: wanted, timeZone: tz ?? known?.timeZone ?? 'UTC' }
  if (before === undefined) throw refusedFor([], 'start or schedule is missing')
  return before
}

function refusedFor(path: readonly string[], words: string): FieldError {
  return new FieldError({ path, words })
}
