import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { daysChart, monthsTable, type PeriodUptime } from '../../../lambdas/web/charts/days.ts'
import { type ChartedRun, durationsChart } from '../../../lambdas/web/charts/durations.ts'

const day = 86_400_000
const hour = 3_600_000

/** Lengths that look random, and are the same each time. */
const runs: readonly ChartedRun[] = Array.from({ length: 200 }, (_, index) => ({
  durationMs: 40_000 + ((index * 7919) % 240) * 1000,
  hasFailed: index % 37 === 5,
}))

const days: readonly PeriodUptime[] = Array.from({ length: 90 }, (_, index) => ({
  name: `day ${index}`,
  uptime: {
    observedMs: index < 10 ? 0 : day,
    downMs: index % 30 === 20 ? 6 * hour : 0,
    downtimes: index % 30 === 20 ? 1 : 0,
  },
}))
const whole = { observedMs: 80 * day, downMs: 18 * hour, downtimes: 3 }

function zippedBytes(text: { toString(): string }): number {
  return gzipSync(text.toString()).length
}

describe('the chart of durations', () => {
  it('tells its figures in words, and marks what failed', () => {
    const chart = durationsChart([
      ...[10, 20, 30].map((s) => ({ durationMs: s * 1000, hasFailed: false })),
      { durationMs: 40_000, hasFailed: true },
    ]).toString()

    const words = '4 runs: median 20 s, 95 % within 40 s, longest 40 s, last 40 s, 1 failed'
    expect(chart).toContain(`<desc>${words}`)
    expect(/class="crosses" d="([^"]+)"/.exec(chart)?.[1]?.match(/M/g)).toHaveLength(1)
  })

  it('has a scale on which short runs are seen beside one that was much longer', () => {
    const short = Array.from({ length: 9 }, () => ({ durationMs: 1000, hasFailed: false }))
    const heightsIn = (longest: number) => {
      const chart = durationsChart([...short, { durationMs: longest, hasFailed: false }])
      return [...chart.toString().matchAll(/v-(\d+)/g)].map(([, height]) => Number(height))
    }

    expect(heightsIn(2000).at(0)).toBe(45)
    expect(heightsIn(10_000_000).at(0)).toBeGreaterThan(20)
  })

  it('of 200 runs is small, and without style', () => {
    const chart = durationsChart(runs)

    expect(zippedBytes(chart)).toBeLessThanOrEqual(1400)
    expect(chart.toString()).not.toMatch(/style=|\son[a-z]+=/)
  })
})

describe('the chart of days', () => {
  it('tells which days were not whole, and shows them lower', () => {
    const chart = daysChart(days, whole).toString()
    const heightsOf = (name: string) =>
      [
        ...(new RegExp(`class="${name}" d="([^"]*)"`).exec(chart)?.[1] ?? '').matchAll(/v-(\d+)/g),
      ].map(([, height]) => Number(height))

    expect(chart).toContain(
      '99.06 % up · down 3 times, 18 h; on day 80 6 h, day 50 6 h, day 20 6 h.',
    )
    expect(new Set(heightsOf('up'))).toEqual(new Set([30]))
    expect(heightsOf('down')).toEqual([23, 23, 23])
    expect(heightsOf('unknown')).toHaveLength(10)
    expect(zippedBytes(chart)).toBeLessThanOrEqual(800)
  })
})

describe('the table of months', () => {
  it('leaves out months before the check, and has the latest first', () => {
    const unknown = { observedMs: 0, downMs: 0, downtimes: 0 }
    const known = { observedMs: 30 * day, downMs: hour, downtimes: 2 }

    const table = monthsTable([
      { name: '2026-09', uptime: unknown },
      { name: '2026-10', uptime: known },
      { name: '2026-11', uptime: { ...known, downMs: 0, downtimes: 0 } },
    ]).toString()

    const rows = [...table.matchAll(/scope="row">([^<]+)/g)].map(([, name]) => name)
    expect(rows).toEqual(['2026-11', '2026-10'])
    expect(table).toContain('99.86 %')
  })
})
