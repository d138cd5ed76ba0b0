import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import moment from 'moment-timezone'
import packed from 'moment-timezone/data/packed/latest.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { packZones } from '../../../bin/zones/pack.ts'
import {
  canonicalTimeZone,
  nextRunAt,
  zoneDataVersion,
} from '../../../lambdas/domain/schedule/schedule.ts'
import data from '../../../lambdas/domain/schedule/zone-data.json' with { type: 'json' }
import { offsetsOf, type ZoneOffset } from '../../../lambdas/domain/schedule/zone-data.ts'

const names = [...data.zones.map((line) => line.split('|')[0] ?? ''), ...Object.keys(data.aliases)]
const [from, to] = [Date.UTC(2000, 0), Date.UTC(2200, 0)]

describe('the data of time zones', () => {
  it('are those of the installed moment-timezone; if not, run `npx node bin/zones.ts`', () => {
    expect(data).toEqual(packZones(packed))
  })

  it('say of every zone what moment-timezone itself reads in them', () => {
    expect(names.toSorted()).toEqual(moment.tz.names().toSorted())
    expect(names.filter((name) => !sameOffsets(offsetsOf(name), momentOffsets(name)))).toEqual([])
  })

  it.each([
    ['America/Winnipeg', '2026-11-29T17:00:00Z'],
    ['America/Rainy_River', '2026-11-29T17:00:00Z'],
    ['America/Inuvik', '2026-11-29T18:00:00Z'],
    ['America/Havana', '2026-11-29T16:00:00Z'],
    ['America/Coyhaique', '2026-11-29T15:00:00Z'],
  ])('know the law of today in %s', (timeZone, noon) => {
    const after = Date.UTC(2026, 10, 29)

    expect(canonicalTimeZone(timeZone)).toBeDefined()
    expect(nextRunAt({ kind: 'cron', expression: '0 12 * * *' }, timeZone, after)).toBe(
      Date.parse(noon),
    )
  })

  it('take what was in the year 2000 for all time before', () => {
    const [first] = offsetsOf('Europe/Riga')

    expect(first).toEqual({ startsAt: -Infinity, offsetMs: 2 * 3_600_000 })
  })
})

describe.skipIf(systemVersion() !== zoneDataVersion)(
  "the system's own data of the same release",
  () => {
    it('say the same of every zone', { timeout: 120_000 }, () => {
      const told = systemOffsets('2000,2090')
      const ours = (name: string) =>
        offsetsOf(name).filter(({ startsAt }) => startsAt < Date.UTC(2090, 0))

      expect(names.filter((name) => !sameOffsets(ours(name), told.get(name) ?? []))).toEqual([])
    })
  },
)

/** Each change of the offset in its order; the first is what was before, since whenever. */
function sameOffsets(one: readonly ZoneOffset[], other: readonly ZoneOffset[]): boolean {
  const textOf = (offsets: readonly ZoneOffset[]) =>
    offsets.map(({ startsAt, offsetMs }, index) => `${index === 0 ? '' : startsAt} ${offsetMs}`)
  return textOf(one).join() === textOf(other).join()
}

function momentOffsets(name: string): readonly ZoneOffset[] {
  const zone = moment.tz.zone(name)
  return within(
    (zone?.offsets ?? []).map((offset, index) => ({
      startsAt: zone?.untils[index - 1] ?? -Infinity,
      offsetMs: -offset * 60_000,
    })),
  )
}

/** Of these years, without changes that change nothing but an abbreviation. */
function within(offsets: readonly ZoneOffset[]): readonly ZoneOffset[] {
  const before = offsets.filter(({ startsAt }) => startsAt <= from).slice(-1)
  const kept = [...before, ...offsets.filter(({ startsAt }) => startsAt > from && startsAt < to)]
  return kept.filter(({ offsetMs }, index) => offsetMs !== kept[index - 1]?.offsetMs)
}

/** Debian names the release in the first line of the database that it has compiled. */
function systemVersion(): string | undefined {
  const file = '/usr/share/zoneinfo/tzdata.zi'
  return existsSync(file) ? /^# version (\S+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined
}

/**
 * By `zdump`, a line for each change: `2026-03-29 04 +03 EEST 1`, with what clocks show right after
 * it; the first is without a time.
 */
function systemOffsets(years: string): ReadonlyMap<string, readonly ZoneOffset[]> {
  const text = execFileSync('zdump', ['-i', '-c', years, ...names], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  })
  const zones = text.matchAll(/^TZ="(.+)"\n((?:.+\n)+)/gm)
  return new Map(
    Array.from(zones, ([, name = '', lines = '']) => [
      name,
      within(lines.trimEnd().split('\n').map(changeOf)),
    ]),
  )
}

function changeOf(line: string): ZoneOffset {
  const [date = '', time = '', offset = ''] = line.split('\t')
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)?$/.exec(offset) ?? []
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000
  if (date === '-') return { startsAt: -Infinity, offsetMs }
  return {
    startsAt: Date.parse(`${date}T${time}${':00:00'.slice(time.length - 2)}Z`) - offsetMs,
    offsetMs,
  }
}
