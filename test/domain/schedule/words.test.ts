import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { scheduleInShort, scheduleInWords } from '../../../lambdas/domain/schedule/words.ts'

describe('scheduleInWords', () => {
  it.each<[Schedule, string]>([
    [{ kind: 'simple', periodSeconds: 300 }, 'every 5 minutes'],
    [{ kind: 'simple', periodSeconds: 86_400 }, 'every 1 day'],
    [{ kind: 'simple', periodSeconds: 93_600 }, 'every 1 day 2 hours'],
    [{ kind: 'simple', periodSeconds: 90_061 }, 'every 1 day 1 hour 1 minute 1 second'],
    [{ kind: 'cron', expression: '* * * * *' }, 'cron * * * * * in Europe/Riga (every minute)'],
    [
      { kind: 'cron', expression: '*/15  * * * *\n' },
      'cron */15 * * * * in Europe/Riga (every 15 minutes)',
    ],
    [{ kind: 'cron', expression: '*/7 * * * *' }, 'cron */7 * * * * in Europe/Riga'],
    [
      { kind: 'cron', expression: '5 * * * *' },
      'cron 5 * * * * in Europe/Riga (every hour at 05 past)',
    ],
    [
      { kind: 'cron', expression: '5 3 * * *' },
      'cron 5 3 * * * in Europe/Riga (every day at 03:05)',
    ],
    [
      { kind: 'cron', expression: '5 3 * * 1' },
      'cron 5 3 * * 1 in Europe/Riga (every Monday at 03:05)',
    ],
    [{ kind: 'cron', expression: '5 3 1 * 1' }, 'cron 5 3 1 * 1 in Europe/Riga'],
    [
      { kind: 'oncalendar', expression: 'Mon..Fri 9:00' },
      'OnCalendar Mon..Fri 9:00 in Europe/Riga',
    ],
    [
      { kind: 'oncalendar', expression: '12:00\n13:00 Asia/Tokyo\n' },
      'OnCalendar 12:00 in Europe/Riga and 13:00 in Asia/Tokyo',
    ],
  ])('says of %j: %s', (schedule, words) => {
    expect(scheduleInWords(schedule, 'Europe/Riga')).toBe(words)
  })
})

describe('scheduleInShort', () => {
  it.each<[Schedule, string]>([
    [{ kind: 'simple', periodSeconds: 300 }, 'every 5 min'],
    [{ kind: 'simple', periodSeconds: 93_600 }, 'every 1 d 2 h'],
    [{ kind: 'cron', expression: ' 30 3  * * *' }, '30 3 * * * New York'],
    [{ kind: 'oncalendar', expression: 'Mon..Fri 9:00' }, 'Mon..Fri 9:00 New York'],
    [{ kind: 'oncalendar', expression: '12:00 Asia/Tokyo\n13:00' }, '12:00 Tokyo and 1 more'],
  ])('says of %j: %s', (schedule, words) => {
    expect(scheduleInShort(schedule, 'America/New_York')).toBe(words)
  })

  it('tells no zone where all times are in it', () => {
    const schedule: Schedule = { kind: 'cron', expression: '30 3 * * *' }

    expect(scheduleInShort(schedule, 'Europe/Riga', 'Europe/Riga')).toBe('30 3 * * *')
  })
})
