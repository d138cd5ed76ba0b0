import { describe, expect, it } from 'vitest'
import { parseRecurrence } from '../../../../lib/local/template/recurrence.ts'

const at = (text: string) => Date.parse(`2026-11-22T${text}Z`)

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', '10:00:30', '10:01:00', '10:00:00'],
    ['rate(1 minute)', '10:01:00', '10:02:00', '10:01:00'],
    ['rate(5 minutes)', '10:01:00', '10:05:00', '10:00:00'],
    ['rate(2 hours)', '10:01:00', '12:00:00', '10:00:00'],
    ['cron(17 4 * * ? *)', '04:16:59', '04:17:00', undefined],
    ['cron(0/15 * * * ? *)', '10:07:00', '10:15:00', '10:00:00'],
  ])('%s runs next and last around %s', (expression, now, next, last) => {
    const recurrence = parseRecurrence(expression)

    expect(recurrence.nextAfter(at(now))).toBe(at(next))
    if (last !== undefined) expect(recurrence.lastUntil(at(now))).toBe(at(last))
  })

  it.each([
    'rate(1 fortnight)',
    'cron(0 4 * * * 2027)',
    'cron(0 4 ? * 2 *)',
    'at(2026-11-22T10:00:00)',
  ])('%s is refused', (expression) => {
    expect(() => parseRecurrence(expression)).toThrow('does not know the schedule')
  })
})
