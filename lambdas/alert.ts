import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { type Alert, alertOf, type FlipMessage, type LastBody, shownPings } from './domain/alert.ts'
import type { Heartbeat } from './domain/heartbeat.ts'
import { tailOf } from './domain/plain-text.ts'
import type { Channel } from './domain/project.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { makeDynamoClient, makeQueueClient } from './store/client.ts'
import { Heartbeats } from './store/heartbeats.ts'
import { Journal } from './store/journal.ts'
import { Queue } from './store/queue.ts'
import { Registry } from './store/registry.ts'

export type AlertDeps = {
  readonly registry: Pick<Registry, 'ownerOf' | 'project' | 'check' | 'channelsOf'>
  readonly journal: Pick<Journal, 'pings' | 'body'>
  readonly heartbeats: Pick<Heartbeats, 'acknowledge'>
  readonly deliveries: Pick<Queue, 'send'>
  readonly clock: Clock
}

const BODY_WAIT_MS = 2000
const BODY_LOOK_INTERVAL_MS = 250
const BODY_TAIL_LENGTH = 2000

/** Turns flips into deliveries, all messages side by side: one that waits for a body or fails holds no other back. */
export function makeAlertHandler(deps: AlertDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const areTold = await Promise.all(Records.map((record) => isTold(deps, record)))
    const failed = Records.filter((_, index) => areTold[index] === false)
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
}

async function isTold(deps: AlertDeps, { messageId, body }: SQSRecord): Promise<boolean> {
  let check: string | undefined
  try {
    const message = JSON.parse(body) as FlipMessage
    check = message.flip.checkId
    await tell(deps, message)
    return true
  } catch (error) {
    warn('alert-failed', { check, message: messageId, error: nameOf(error) })
    return false
  }
}

/** Acknowledged is what is on its way: a crash before that brings the flip again, and claims keep it from being told twice. */
async function tell(deps: AlertDeps, message: FlipMessage): Promise<void> {
  const { flip } = message
  const told = await alertAndChannels(deps, message)
  if (told !== undefined) await deps.deliveries.send(told.channels.map((channel) => ({ alert: told.alert, channel })))
  await deps.heartbeats.acknowledge(flip)
  log(told === undefined ? 'alert-dropped' : 'alert', {
    check: flip.checkId,
    status: flip.status,
    reason: flip.reason,
    at: flip.at,
    channels: told?.channels.length,
  })
}

/** Undefined for a check that is deleted by now: there is nothing left to tell. */
async function alertAndChannels(
  { registry, journal, clock }: AlertDeps,
  message: FlipMessage,
): Promise<{ readonly alert: Alert; readonly channels: readonly Channel[] } | undefined> {
  const { checkId } = message.flip
  const projectId = await registry.ownerOf(checkId)
  if (projectId === undefined) return undefined
  const [project, check] = await Promise.all([registry.project(projectId), registry.check(projectId, checkId)])
  if (project === undefined || check === undefined) return undefined
  const [channels, pings, lastBody] = await Promise.all([
    registry.channelsOf(check),
    journal.pings(checkId, shownPings, clock.now()),
    lastBodyOf({ journal, clock }, message.heartbeat),
  ])
  return { alert: alertOf(message, { check, project, pings, lastBody }), channels }
}

/** The body that the last ping announced. It is written after the heartbeat, so it may be on its way still, or lost. */
async function lastBodyOf({ journal, clock }: Pick<AlertDeps, 'journal' | 'clock'>, heartbeat: Heartbeat): Promise<LastBody | undefined> {
  const { id, pingCount, lastPing } = heartbeat
  if (lastPing === undefined || lastPing.bodyBytes === 0) return undefined
  const giveUpAt = clock.now() + BODY_WAIT_MS
  let body = await journal.body(id, pingCount, clock.now())
  while (body === undefined && clock.now() < giveUpAt) {
    await clock.waitUntil(clock.now() + BODY_LOOK_INTERVAL_MS)
    body = await journal.body(id, pingCount, clock.now())
  }
  return body && { pingNumber: pingCount, tail: tailOf(body, BODY_TAIL_LENGTH) }
}

const dynamo = makeDynamoClient()

export const handler = makeAlertHandler({
  registry: new Registry(dynamo, required('REGISTRY_TABLE')),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  deliveries: new Queue(makeQueueClient(), required('DELIVERIES_QUEUE_URL')),
  clock,
})
