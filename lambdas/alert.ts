import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import { deliveriesOf, type DeliveriesDeps } from './alert/deliveries.ts'
import { type GatherDeps, singly } from './alert/gather.ts'
import { callsHost } from './channels/kinds.ts'
import type { FlipMessage } from './domain/telling/alert.ts'
import { clock } from './runtime/clock.ts'
import { required, requiredCount } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { Bursts } from './store/telling/bursts.ts'
import { makeQueueClient } from './store/items/client.ts'
import { Digests } from './store/telling/digests.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Journal } from './store/watching/journal.ts'
import { KnownIntake } from './store/watching/known-intake.ts'
import { Operations } from './store/watching/operations.ts'
import { parseFlipMessage } from './store/messages.ts'
import { Outbox } from './store/telling/outbox.ts'
import { makePark, type Park } from './store/parking.ts'
import { Paces } from './store/telling/paces.ts'
import { Queue } from './store/queue.ts'
import { joinedReads } from './store/items/joined-reads.ts'
import { Registry } from './store/registry/registry.ts'

export type AlertDeps = GatherDeps &
  DeliveriesDeps & {
    readonly heartbeats: Pick<Heartbeats, 'acknowledge'>
    /** Puts a message that can't be read among the dead letters. */
    readonly park: Park
  }

/**
 * Turns flips into deliveries. All messages go side by side, so that one that waits for a body or
 * fails holds no other back.
 */
export function makeAlertHandler(deps: AlertDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const areTold = await Promise.all(Records.map((record) => isTold(deps, record)))
    const failed = Records.filter((_, index) => areTold[index] === false)
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
}

async function isTold(deps: AlertDeps, record: SQSRecord): Promise<boolean> {
  let check: string | undefined
  try {
    const message = parseFlipMessage(record.body)
    check = message?.flip.checkId
    await (message === undefined ? deps.park(record) : tell(deps, message))
    return true
  } catch (error) {
    warn('alert-failed', { check, message: record.messageId, error: nameOf(error) })
    return false
  }
}

/**
 * Acknowledges a flip once its deliveries are on their way. A crash before that brings the flip
 * again, and claims keep it from being told twice.
 */
async function tell(deps: AlertDeps, message: FlipMessage): Promise<void> {
  const { flip } = message
  const told = await deliveriesOf(deps, message)
  const single = told && (await singly(deps, told.projectId, told.deliveries))
  if (single !== undefined) await deps.deliveries.send(single)
  if (told !== undefined && told.broken.length > 0)
    throw new Error(`channels ${told.broken.join(', ')} can't be read`)
  await deps.heartbeats.acknowledge(flip, deps.clock.now())
  log(told === undefined ? 'alert-dropped' : 'alert', {
    check: flip.checkId,
    status: flip.status,
    reason: flip.reason,
    at: flip.at,
    channels: told?.deliveries.length,
    gathered: told && single && told.deliveries.length - single.length,
  })
}

const database = makeOwnDatabase()
const sqs = makeQueueClient()

export const handler = makeAlertHandler({
  registry: new Registry(database, required('REGISTRY_TABLE'), joinedReads),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  paces: new Paces(database, required('JOURNAL_TABLE')),
  bursts: new Bursts(database, required('JOURNAL_TABLE')),
  digests: new Digests(database, required('JOURNAL_TABLE')),
  deliveries: new Outbox(
    sqs,
    {
      deliveries: required('DELIVERIES_QUEUE_URL'),
      webhooks: required('WEBHOOKS_QUEUE_URL'),
    },
    callsHost,
  ),
  intake: new KnownIntake(new Operations(database, required('OPERATIONS_TABLE'))),
  park: makePark(new Queue(sqs, required('FLIPSDEADLETTERS_QUEUE_URL'))),
  clock,
  burst: requiredCount('ALERT_BURST'),
  apiRoot: new URL(required('API_URL')).origin,
  pingEndpoint: required('PING_ENDPOINT'),
})
