import { previewOf } from '../domain/schedule/preview.ts'
import {
  canonicalTimeZone,
  isInBounds,
  parseSchedule,
  type Schedule,
} from '../domain/schedule/schedule.ts'
import { ScheduleTooCostly } from '../domain/schedule/budget.ts'
import { ruleBounds } from '../domain/watching/rule-bounds.ts'
import { secondsIn } from '../domain/wire/duration-text.ts'
import { readerOf } from './check-in.ts'
import type { Form } from './form.ts'
import { type PreviewModel, previewPart } from './pages/preview.ts'
import { respondPart } from './respond.ts'
import type { PersonalCall, Route } from './route.ts'

export const previewRoutes: readonly Route<unknown>[] = [
  { method: 'GET', path: '/preview', needs: 'signed-in', act: showPreview },
]

function showPreview(_: unknown, call: PersonalCall): Promise<Response> {
  return Promise.resolve(respondPart(call, previewPart(previewIn(call.query, readerOf(call)))))
}

type Reader = ReturnType<typeof readerOf>

/** What the schedule in a form means to somebody who reads it now. */
export function previewIn(form: Form, { now, timeZone: ownZone }: Reader): PreviewModel {
  const schedule = scheduleIn(form.raw('schedule').trim())
  const timeZone = canonicalTimeZone(form.text('tz') || ownZone)
  const graceSeconds = secondsIn(form.text('grace'))
  if (schedule === undefined)
    return { problem: 'A period like 15 min or 1 day, cron like 30 3 * * *, or OnCalendar.' }
  if (timeZone === undefined) return { problem: 'The time zone is not known.' }
  if (graceSeconds === undefined || !isInBounds(graceSeconds))
    return { problem: 'Grace is a length of time like 30 min, at least a minute.' }
  const early = form.text('rules.early')
  const earlySeconds = early === '' ? undefined : secondsIn(early)
  if (early !== '' && (earlySeconds === undefined || earlySeconds > ruleBounds.earlySeconds.most))
    return { problem: 'Coming early is a length of time like 15 min, at most a day.' }
  const terms = { schedule, timeZone, graceSeconds, earlySeconds, now }
  try {
    return { terms, preview: previewOf(terms), ownZone }
  } catch (error) {
    if (!(error instanceof ScheduleTooCostly)) throw error
    return { problem: 'This schedule takes too long to evaluate.' }
  }
}

function scheduleIn(text: string): Schedule | undefined {
  const periodSeconds = secondsIn(text)
  if (periodSeconds === undefined) return text === '' ? undefined : parseSchedule(text)
  return isInBounds(periodSeconds) ? { kind: 'simple', periodSeconds } : undefined
}
