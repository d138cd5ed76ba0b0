import {
  drillDeadlineMs,
  drillDefinition,
  drillOutage,
  drillPing,
  type DrillStage,
  drillStages,
} from './domain/watching/drill.ts'
import { makeQueues } from './aws/queues.ts'
import { makeSdkDatabase } from './aws/sdk-database.ts'
import { flipKey, isSameChange } from './domain/watching/flip.ts'
import { newDrillId } from './domain/watching/own-heartbeats.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { log, warn } from './runtime/log.ts'
import type { Queue } from './runtime/queue.ts'
import { type Random, random } from './runtime/random.ts'
import { Deliveries } from './store/telling/deliveries.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Operations } from './store/watching/operations.ts'

export type DrillDeps = {
  readonly heartbeats: Pick<Heartbeats, 'define' | 'recordPing' | 'read'>
  readonly operations: Pick<Operations, 'intake'>
  readonly deliveries: Pick<Deliveries, 'isSent'>
  readonly flips: Pick<Queue, 'depth'>
  readonly clock: Clock
  readonly random: Pick<Random, 'uuid'>
}

/** Where the alert was when the drill ended. */
export type DrillReport = { readonly stage: DrillStage | 'arrived' | 'put-off' }

/** How long an alert may take from its deadline to the far end. */
const LIMIT_MS = 300_000
const FIRST_POLL_MS = 5_000
const POLL_INTERVAL_MS = 15_000
const POLLS = Math.floor((LIMIT_MS - FIRST_POLL_MS) / POLL_INTERVAL_MS) + 1

/**
 * Lets a heartbeat of Overdue's own go overdue, and sees whether its alert arrives. It takes the
 * way of every alert, but its mail goes to a mailbox of AWS that nobody reads. The log says which
 * stage has an alert that does not arrive.
 */
export function makeDrillHandler(deps: DrillDeps): () => Promise<DrillReport> {
  return async () => {
    const record = await deps.operations.intake()
    // The deadline would be held back like any other while pings are not taken. The operator has an
    // alarm for that.
    if (record === undefined || record.intake.trouble !== undefined) {
      log('drill-put-off', {})
      return { stage: 'put-off' }
    }
    const id = newDrillId(record.canaryId)
    const startedAt = deps.clock.now()
    await deps.heartbeats.define(id, drillDefinition)
    await deps.heartbeats.recordPing(id, drillPing(startedAt, deps.random.uuid()))
    const stage = await follow(deps, id, startedAt + drillDeadlineMs)
    if (stage === 'arrived')
      log('drill-passed', { ms: deps.clock.now() - startedAt - drillDeadlineMs })
    else warn('drill-failed', { stage, place: drillStages.indexOf(stage) + 1 })
    return { stage }
  }
}

/** Polls until the alert has arrived, or ought to have. */
async function follow(
  deps: DrillDeps,
  id: string,
  deadline: number,
): Promise<DrillStage | 'arrived'> {
  let stage: DrillStage | 'arrived' = 'sweep'
  for (let poll = 0; poll < POLLS && stage !== 'arrived'; poll += 1) {
    await deps.clock.waitUntil(deadline + FIRST_POLL_MS + poll * POLL_INTERVAL_MS)
    stage = await stageOf(deps, id)
  }
  return stage
}

/**
 * The stage that has the alert. A check that is down was flagged, one that is acknowledged was told
 * of; a flip that is neither queued nor acknowledged is with relay.
 */
async function stageOf(
  { heartbeats, deliveries, flips }: DrillDeps,
  id: string,
): Promise<DrillStage | 'arrived'> {
  const heartbeat = await heartbeats.read(id)
  const outage = heartbeat && drillOutage(heartbeat)
  if (outage === undefined) return 'sweep'
  if (await deliveries.isSent({ subject: id, key: flipKey(outage), channelId: id }))
    return 'arrived'
  if (isSameChange(outage, heartbeat?.acknowledged)) return 'deliver'
  return (await flips.depth()) > 0 ? 'alert' : 'relay'
}

const database = makeSdkDatabase()

export const handler = makeDrillHandler({
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  operations: new Operations(database, required('OPERATIONS_TABLE')),
  deliveries: new Deliveries(database, required('JOURNAL_TABLE')),
  flips: makeQueues()(required('FLIPS_QUEUE_URL')),
  clock,
  random,
})
