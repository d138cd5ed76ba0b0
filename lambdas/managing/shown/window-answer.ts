import { stretchAt, type Window, type WindowTimes } from '../../domain/watching/window.ts'
import { secondsText } from './instants.ts'

/** A window as answers show it. */
export function windowAnswer(window: Window, now: number): object {
  const { id, name, tags, lengthSeconds, times, managedBy } = window
  const stretch = stretchAt(window, now)
  return {
    id,
    name,
    tags,
    seconds: lengthSeconds,
    ...timesAnswer(times),
    ...(managedBy && { managed_by: managedBy }),
    next_start: stretch === undefined ? null : secondsText(stretch.startedAt),
    next_end: stretch === undefined ? null : secondsText(stretch.endedAt),
  }
}

function timesAnswer(times: WindowTimes): object {
  switch (times.kind) {
    case 'once':
      return { start: secondsText(times.startAt) }
    case 'recurring':
      return { schedule: times.schedule.expression, tz: times.timeZone }
  }
}
