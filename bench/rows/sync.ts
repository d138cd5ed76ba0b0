import { type Bulk, copiesOfACheck, putAll } from '../checks-in-bulk.ts'
import type { Figure, Row } from '../figure.ts'
import { type LocalStack, type Meter, withLocalStack } from '../local-stack.ts'
import { totalsOf } from '../metered.ts'

const CHECKS = 10_000
/** One of a hundred. */
const CHANGED = 100

export const sync: Row = {
  name: 'sync',
  help: '10,000 checks, none and one of a hundred changed: heartbeat writes of the daily sync, and of the one behind each change',
  measure: (progress) => withLocalStack((stack) => measureSync(stack, progress)),
}

async function measureSync(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress(`loading ${CHECKS} checks`)
  const bulk = await copiesOfACheck(stack, CHECKS)
  await stack.settle()
  await stack.resetMeter()
  await putAll(stack, 'Heartbeats', bulk.Heartbeats)
  await putAll(stack, 'Lookups', bulk.Lookups)
  await putAll(stack, 'Registry', bulk.Registry)
  await stack.settle()
  const followed = await stack.meter()
  progress('the daily sync, nothing changed')
  const unchanged = await daily(stack)
  progress(`${CHANGED} checks change`)
  await stack.resetMeter()
  await putAll(stack, 'Registry', changed(bulk))
  await stack.settle()
  const changes = await stack.meter()
  progress(`the daily sync, ${CHANGED} heartbeats behind`)
  await putAll(stack, 'Heartbeats', bulk.Heartbeats.slice(0, CHANGED))
  const drifted = await daily(stack)
  return [
    {
      name: 'writes, 10,000 told again that are there',
      ...writes(followed),
      target: { atMost: 0 },
    },
    {
      name: 'writes of the daily sync, nothing changed',
      ...writes(unchanged),
      target: { atMost: 0 },
    },
    { name: 'writes behind 100 changes', ...writes(changes), target: { atMost: CHANGED } },
    {
      name: 'writes of the daily sync, 100 behind',
      ...writes(drifted),
      target: { atMost: CHANGED },
    },
    { name: 'heartbeats behind after all', ...writes(await daily(stack)), target: { atMost: 0 } },
    {
      name: 'read units of the daily sync, 10,000 checks',
      unit: 'units',
      value: totalsOf(unchanged['sync']).readUnits,
    },
  ]
}

async function daily(stack: LocalStack): Promise<Meter> {
  await stack.resetMeter()
  await stack.invoke('sync', { reconcile: true })
  return stack.meter()
}

/** The definitions of some checks in their next version. */
function changed({ Registry }: Bulk): Bulk['Registry'] {
  const definitions = Registry.filter((item) => 'schedule' in item).slice(0, CHANGED)
  return definitions.map((item) => ({
    ...item,
    version: { N: (Number(item['version']?.N) + 1).toString() },
  }))
}

/** Of heartbeats, by sync. */
function writes(meter: Meter): Pick<Figure, 'unit' | 'value'> {
  const calls = Object.values(meter['sync']?.calls ?? {})
  return {
    unit: 'writes',
    value: calls.reduce((sum, resources) => sum + (resources['Heartbeats']?.writeUnits ?? 0), 0),
  }
}
