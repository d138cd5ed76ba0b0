import {
  type Bill,
  billItems,
  billOf,
  type Fixed,
  type Load,
  type Measured,
  totalOf,
} from '../cost-model.ts'
import type { Figure, Row } from '../figure.ts'
import { measuredPings } from '../measured-pings.ts'
import { measuredUpkeep } from '../measured-upkeep.ts'
import { pingUses } from '../ping-uses.ts'
import prices from '../prices.json' with { type: 'json' }
import { numeral } from '../table.ts'

const sizes = [100, 1000, 10_000, 100_000]
const paces = { 'every 5 min': 300, hourly: 3600, daily: 86_400 }
const others: Pick<Load, 'outagesPerCheckMonth' | 'logDays'> = {
  outagesPerCheckMonth: 1,
  logDays: 90,
}
const MOST_OF_SWEEP = 5

export const bill: Row = {
  name: 'bill',
  help: 'dollars a month of 100 to 100,000 checks, one outage a check, the log kept for 90 days, no free tier; beside list prices of others',
  measure: async (progress) => {
    const pings = await measuredPings(progress)
    const { heartbeatBytes, checkBytes, ...upkeep } = await measuredUpkeep(progress)
    progress(JSON.stringify({ pings, upkeep }))
    const bytes = { heartbeat: heartbeatBytes, check: checkBytes, logLine: pings.entryBytes }
    // The CDK takes seconds to load, which naming the rows should not.
    const { countFixed } = await import('../template.ts')
    const figures = figuresOf({ ...pingUses(pings), ...upkeep, bytes }, countFixed(), progress)
    return [...figures, ...peers()]
  },
}

function figuresOf(
  measured: Measured,
  fixed: Fixed,
  progress: (line: string) => void,
): readonly Figure[] {
  return sizes.flatMap((checks) =>
    Object.entries(paces).flatMap(([pace, secondsBetweenPings]): readonly Figure[] => {
      const month = billOf(measured, fixed, { checks, secondsBetweenPings, ...others })
      const name = `${checks.toLocaleString('en-US')} checks, ${pace}`
      progress(`${name}: ${itemsOf(month)}`)
      const total = { name, unit: '$ a month', value: totalOf(month) }
      if (pace !== 'every 5 min') return [total]
      const share = {
        name: "the sweep's share of it",
        unit: '%',
        value: (100 * month.sweep) / totalOf(month),
      }
      return [total, { ...share, target: { atMost: MOST_OF_SWEEP } }]
    }),
  )
}

function itemsOf(month: Bill): string {
  return billItems.map((item) => `${item} $${numeral(month[item])}`).join(', ')
}

function peers(): readonly Figure[] {
  return prices.peers.flatMap(({ name, perMonth }) =>
    Object.entries(perMonth).map(([checks, value]) => ({
      name: `${name}, ${Number(checks).toLocaleString('en-US')} checks`,
      unit: '$ a month',
      value,
    })),
  )
}
