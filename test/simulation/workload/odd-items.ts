import { marshall } from '@aws-sdk/util-dynamodb'
import { digestPartition, registryKeys, waitingEntry } from '../../../lambdas/store/keys.ts'
import type { Dice } from '../dice.ts'
import { running } from '../host.ts'
import type { Run } from '../invariant.ts'
import { gathersAlerts } from '../settings.ts'
import type { World } from '../world.ts'
import type { Oddity } from './oddity.ts'

export const oddHeartbeat = 'odd-heartbeat'
export const oddCheck = 'odd-check'
/**
 * Good heartbeats of no check, for the comparison to remove, whatever else it meets; some in each
 * segment of its scan.
 */
export const strays: readonly string[] = Array.from(
  { length: 8 },
  (_, index) => `stray-heartbeat-${index}`,
)

const MINUTE_MS = 60_000
/** How long the comparison is refused all reads. */
const THROTTLED_MS = 1500

/**
 * In some runs, mostly where nothing else fails, and early, so that most of the run is with them.
 */
export function pickOddity(
  dice: Dice,
  run: Pick<Run, 'world' | 'settings' | 'startAt'>,
): Oddity | undefined {
  const atFirst = run.startAt + dice.between(2, 8) * MINUTE_MS
  const share = gathersAlerts(run.settings) ? 0.6 : 0.3
  if (!dice.chance(run.world.faults.areNone ? share : 0.05)) return undefined
  return {
    atFirst,
    mendedAt: Infinity,
    channel: '',
    waitingFor: [],
    comparison: undefined,
    named: new Set(),
  }
}

type Placed = {
  readonly table: string
  readonly key: object
  readonly odd: object
  readonly mended?: object
}

/** Has odd items written when their time has come. Answers with what mends them. */
export function bringOddItems(run: Run, oddity: Oddity): () => Promise<void> {
  const items = oddItems(run, oddity)
  run.world.timeline.add(oddity.atFirst, () => {
    write(
      run.world,
      items.map(({ table, key, odd }) => ({ table, key, fields: odd })),
    )
  })
  return async () => {
    await compare(run, oddity)
    oddity.mendedAt = run.world.now
    run.world.timeline.add(run.world.now, () => {
      write(
        run.world,
        items.map(({ table, key, mended }) => ({ table, key, fields: mended })),
      )
    })
    await run.world.advanceTo(run.world.now + MINUTE_MS)
  }
}

function oddItems({ world, owned, settings }: Run, oddity: Oddity): readonly Placed[] {
  const projectId = owned[0]?.projectId ?? ''
  const channels = world.tables.items('Registry').filter(({ kind }) => kind?.S === 'email')
  const [odd] = channels.filter(
    ({ pk, name }) => pk?.S === `project#${projectId}` && name?.S === 'second',
  )
  if (odd === undefined) throw new Error('the first project has no second channel')
  const { pk, sk, ...channel } = odd
  const others = gathersAlerts(settings) ? channels.filter((one) => one !== odd) : []
  const waiting = others.flatMap(({ id }) =>
    (['minute', 'hour'] as const).map((every) => ({
      check: digestPartition(id?.S ?? ''),
      entry: waitingEntry(every, '0', 'odd'),
    })),
  )
  oddity.channel = channel['id']?.S ?? ''
  oddity.waitingFor = others.map(({ id }) => id?.S ?? '')
  const beat = { v: 1, P: 60, Z: 'UTC', G: 60, n: 0 }
  return [
    {
      table: 'Heartbeats',
      key: marshall({ id: oddHeartbeat }),
      odd: marshall({ ...beat, s: 'sideways' }),
    },
    ...strays.map((id) => ({
      table: 'Heartbeats',
      key: marshall({ id }),
      odd: marshall({ ...beat, s: 'new' }),
    })),
    {
      table: 'Registry',
      key: marshall(registryKeys.check(projectId, 'odd')),
      odd: marshall({ id: oddCheck, graceSeconds: 'long' }),
    },
    {
      table: 'Registry',
      key: { pk, sk },
      odd: { ...channel, kind: { S: 'smoke' } },
      mended: channel,
    },
    ...waiting.map((key) => ({
      table: 'Journal',
      key: marshall(key),
      odd: marshall({ details: {}, expiresAt: 4e9 }),
    })),
  ]
}

/** The daily comparison while items are odd, and some reads throttled at first. */
async function compare({ world, deployment }: Run, oddity: Oddity): Promise<void> {
  world.faults.throttledSync = [world.now, world.now + THROTTLED_MS]
  deployment.invocations.invoke('sync', { reconcile: true }, ({ state }) => {
    oddity.comparison = state
  })
  await world.advanceTo(world.now + MINUTE_MS)
}

/** Somebody writes by hand; without fields, the item is deleted. */
function write(
  world: World,
  items: readonly {
    readonly table: string
    readonly key: object
    readonly fields: object | undefined
  }[],
): void {
  const work = async () => {
    for (const { table: TableName, key, fields } of items) {
      if (fields === undefined)
        await running().call({
          service: 'dynamodb',
          operation: 'DeleteItem',
          input: { TableName, Key: key },
        })
      else
        await running().call({
          service: 'dynamodb',
          operation: 'PutItem',
          input: { TableName, Item: { ...key, ...fields } },
        })
    }
  }
  world.start({ name: 'operator' }, work, ({ state }, result) => {
    if (state === 'failed') throw result
  })
}
