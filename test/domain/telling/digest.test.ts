import { describe, expect, it } from 'vitest'
import {
  type DigestEntry,
  digestEntryOf,
  digestMessageOf,
} from '../../../lambdas/domain/telling/digest.ts'
import { aDigestEntry, anAlert, deadline } from '../../support/alerts.ts'
import { aCheck, hour, minute } from '../../support/builders.ts'

const back = { status: 'up', from: 'down', reason: '', downSinceAt: deadline } as const

/** Entries of as many checks, each of its own name. */
function entries(count: number, flip: Partial<DigestEntry['flip']> = {}): readonly DigestEntry[] {
  const status = flip.status ?? 'down'
  return Array.from({ length: count }, (_, index) =>
    aDigestEntry({ name: `${status} ${index}`, flip: { checkId: `${status}-${index}`, ...flip } }),
  )
}

describe('a digest', () => {
  it.each([
    [12, 3, '12 checks are down, 3 are back'],
    [1, 1, '1 check is down, 1 is back'],
    [1, 0, '1 check is down'],
    [0, 2, '2 checks are back'],
  ])('of %i down and %i back says so in its subject', (down, up, summary) => {
    const message = digestMessageOf([...entries(down), ...entries(up, back)], 'Home lab', deadline)

    expect([message.subject, message.summary]).toEqual([`${summary}: Home lab`, summary])
    expect(message.status).toBe(down > 0 ? 'DOWN' : 'UP')
  })

  it('lists each check with what happened to it, and when', () => {
    const fail = aDigestEntry({
      name: 'report',
      flip: { checkId: 'b', reason: 'fail', at: deadline + minute },
    })
    const recovery = aDigestEntry({
      name: 'sync',
      flip: { checkId: 'c', ...back, at: deadline + 5 * minute },
    })

    const { sections } = digestMessageOf(
      [fail, recovery, aDigestEntry()],
      'Home lab',
      deadline + 6 * minute,
    )

    expect(sections.map(({ heading, lines, more }) => [heading, lines, more])).toEqual([
      [
        'Down',
        [
          {
            title: 'nightly backup',
            note: 'missed its deadline, Thu 01 Jan 2026, 01:10 UTC, 6 minutes ago',
          },
          {
            title: 'report',
            note: 'reported a failure, Thu 01 Jan 2026, 01:11 UTC, 5 minutes ago',
          },
        ],
        0,
      ],
      [
        'Up again',
        [
          {
            title: 'sync',
            note: 'up again after 5 minutes, Thu 01 Jan 2026, 01:15 UTC, 1 minute ago',
          },
        ],
        0,
      ],
    ])
  })

  it.each([
    ['missed', 'missed its deadline'],
    ['unfinished', 'did not finish in time'],
    ['failed', 'reported a failure'],
    ['too-short', 'was too short'],
    ['too-often', 'ran too often'],
  ] as const)('says why a check is down, and that it still is: %s', (cause, what) => {
    const noteOf = (entry: DigestEntry) =>
      digestMessageOf([entry], '', deadline).sections[0]?.lines[0]?.note

    expect(noteOf(aDigestEntry({ cause }))).toContain(`${what}, Thu 01 Jan`)
    expect(noteOf(aDigestEntry({ cause, telling: 1 }))).toContain(`still down: ${what}, Thu`)
  })

  it('tells of a check that is still down once, as it was told last', () => {
    const entries = [undefined, 2, 1].map((telling) =>
      digestEntryOf(
        { ...anAlert(), ...(telling === undefined ? {} : { telling }) },
        deadline,
        'minute',
      ),
    )

    const { summary, sections } = digestMessageOf(entries, '', deadline)

    expect(entries.map(({ telling }) => telling)).toEqual([undefined, 2, 1])
    expect(summary).toBe('1 check is down')
    expect(sections.flatMap(({ lines }) => lines.map(({ note }) => note))).toEqual([
      expect.stringMatching(/^still down: missed its deadline/),
    ])
  })

  it.each([
    [
      'down',
      [
        aDigestEntry(),
        aDigestEntry({ flip: back }),
        aDigestEntry({ flip: { at: deadline + minute, count: 2 } }),
      ],
    ],
    ['back', [aDigestEntry({ flip: { ...back, count: 2 } }), aDigestEntry()]],
  ])('counts a check that changed more than once as it is now: %s', (now, all) => {
    expect(digestMessageOf(all, 'Home lab', deadline + hour).summary).toBe(`1 check is ${now}`)
  })

  it('lists 75 of each kind, and says how many more there are', () => {
    const { sections } = digestMessageOf(
      [...entries(150), ...entries(75, back)],
      'Home lab',
      deadline,
    )

    expect(sections.map(({ lines, more }) => [lines.length, more])).toEqual([
      [75, 75],
      [75, 0],
    ])
  })

  it('that was held up says that things may have changed, and one in time does not', () => {
    const caution = (late: number) =>
      digestMessageOf([aDigestEntry({ gatheredAt: deadline })], '', deadline + late).caution

    expect([caution(minute), caution(5 * minute - 1)]).toEqual(['', ''])
    expect(caution(5 * minute)).toContain('could not be sent for 5 minutes.')
    expect(caution(hour)).toBe(
      'This could not be sent for 1 hour. What it tells may have changed since.',
    )
  })

  it('of the hour says of whom, and why, in a sentence; that of a minute does not', () => {
    const all = [0, 1, 2].map((at) =>
      aDigestEntry({ every: 'hour', flip: { checkId: 'a', at: deadline + at, count: at } }),
    )
    const once = aDigestEntry({ every: 'hour', name: 'report', flip: { checkId: 'b' } })
    const others = entries(3).map((entry) => ({ ...entry, every: 'hour' as const }))
    const told = (some: readonly DigestEntry[]) => digestMessageOf(some, 'Home lab', deadline)

    expect([
      told(all).reason,
      told([...all, once]).reason,
      told([...all, once, ...others]).reason,
    ]).toEqual([
      '"nightly backup" (3 changes) keeps going down and up: its alerts come once an hour until it settles.',
      '"nightly backup" (3 changes) and "report" (1 change) keep going down and up: their alerts come once an hour until they settle.',
      '"nightly backup" (3 changes), "report" (1 change), "down 0" (1 change) and 2 more keep going down and up: their alerts come once an hour until they settle.',
    ])
    expect([told(all).overline, told(entries(2)).overline, told(entries(2)).reason]).toEqual([
      'ONCE AN HOUR',
      'MANY AT ONCE',
      '',
    ])
  })

  it('of the hour counts no change where a check is still down', () => {
    const again = [1, 2].map((telling) => aDigestEntry({ every: 'hour', telling }))
    const told = (some: readonly DigestEntry[]) => digestMessageOf(some, 'Home lab', deadline)

    expect(told(again).reason).toMatch(/^"nightly backup" keeps going/)
    expect(told([aDigestEntry({ every: 'hour' }), ...again]).reason).toMatch(
      /^"nightly backup" \(1 change\) keeps going/,
    )
  })

  it('of the hour was not held up when it waited for an hour', () => {
    const late = (ms: number) =>
      digestMessageOf([aDigestEntry({ every: 'hour', gatheredAt: deadline })], '', deadline + ms)
        .caution

    expect([late(hour + minute), late(2 * hour)]).toEqual([
      '',
      expect.stringContaining('could not be sent for 1 hour.'),
    ])
  })

  it('has of a check what was told last, as that it is still down', () => {
    const entries = [aDigestEntry({ telling: 2, name: 'new' }), aDigestEntry({ name: 'old' })]

    for (const some of [entries, entries.toReversed()])
      expect(
        digestMessageOf(some, '', deadline).sections[0]?.lines.map(({ title }) => title),
      ).toEqual(['new'])
  })

  it('keeps names on their lines', () => {
    const { subject, sections } = digestMessageOf(
      [aDigestEntry({ name: 'a\r\nBcc: b\u202E' })],
      'x\r\nTo: y',
      deadline,
    )

    expect([subject, sections[0]?.lines[0]?.title]).toEqual([
      '1 check is down: x To: y',
      'a Bcc: b',
    ])
  })

  it('names a check without a name by its UUID', () => {
    const entry = digestEntryOf(anAlert({ check: aCheck({ name: '' }) }), deadline, 'minute')

    expect(digestMessageOf([entry], '', deadline).sections[0]?.lines[0]?.title).toBe(aCheck().id)
  })
})
