import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cronInWords } from '../../../lambdas/domain/schedule/cron-words.ts'
import { parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'

describe('cronInWords', () => {
  it.each([
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['*/5 9-17 * * mon-fri', 'every 5 minutes from 09:00 to 17:55, Monday to Friday'],
    ['* 3 * * *', 'every minute from 03:00 to 03:59'],
    ['5 * * * *', 'every hour at 05 past'],
    ['5,35 * * * *', 'every hour at 05 and 35 past'],
    ['5 */3 * * *', 'every 3 hours at 05 past'],
    ['0 9-17 * * *', 'every hour from 09:00 to 17:00'],
    ['5 3 * * *', 'every day at 03:05'],
    ['5 15,3 * * *', 'every day at 03:05 and 15:05'],
    ['5 3 * * 1', 'every Monday at 03:05'],
    ['5 3 * * 0,7', 'every Sunday at 03:05'],
    ['5 * * * 6', 'every hour at 05 past on Saturdays'],
    ['5 3 * * Sat,Sun', 'Sunday and Saturday at 03:05'],
    ['5 3 * * 1-5', 'Monday to Friday at 03:05'],
    ['5 3 * * 5-7', 'Friday to Sunday at 03:05'],
    ['5 3 1,15 * *', 'on day 1 and 15 of each month at 03:05'],
    ['5 3 L * *', 'on the last day of each month at 03:05'],
    ['5 3 * * mon#2', 'on the second Monday of each month at 03:05'],
    ['5 3 * * 5L', 'on the last Friday of each month at 03:05'],
    ['5 3 1 jan,7 *', 'on 1 January and 1 July at 03:05'],
  ])('says of %s: %s', (expression, words) => {
    expect(cronInWords(expression)).toBe(words)
  })

  it.each([
    '*/7 * * * *',
    '5 */5 * * *',
    '5 3 1 * 1',
    '5 3 */2 * 1',
    '5 3 * 6 *',
    '5 3 * * */2',
    '5 3 * * 1-7',
    '1,2,3,4,5 * * * *',
    '0 1,2,3,4,5 * * *',
    '0 0',
    '0 0 0 1 *',
    '0 0 1 13 *',
    '0 24 * * *',
    '0 0 * * 8',
    '0 0 * * 1#6',
  ])('says nothing of %s', (expression) => {
    expect(cronInWords(expression)).toBeUndefined()
  })

  it('says nothing of what is no schedule', () => {
    const odd = fc.constantFrom('L', 'LW', '5L', 'MON#2', 'MON#6', '*/5', '60', '1-5', '9-1', '')
    const number = fc.integer({ min: 0, max: 28 }).map(String)
    const field = fc.oneof(fc.constant('*'), number, odd)
    const fields = fc.array(field, { minLength: 4, maxLength: 6 })

    fc.assert(
      fc.property(fields, (words) => {
        const expression = words.join(' ')
        const isSaid = cronInWords(expression) !== undefined
        expect(isSaid && parseSchedule(expression)?.kind !== 'cron').toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})
