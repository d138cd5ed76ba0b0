import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import { makeQueues } from './aws/queues.ts'
import { type KnownCheck, knownCheck, type KnownCheckDeps } from './alert/known-check.ts'
import { type AmountTold, failIfBroken, logTold, sendOrGather, tell } from './alert/tell.ts'
import { tellOutage, type TellOutageDeps } from './alert/tell-outage.ts'
import { callsHost } from './channels/kinds.ts'
import type { FlipMessage } from './domain/telling/alert.ts'
import { mayBeToldLater } from './domain/telling/later-tellings.ts'
import { drillDelivery } from './domain/watching/drill.ts'
import { isDrill } from './domain/watching/own-heartbeats.ts'
import { clock } from './runtime/clock.ts'
import { optional, required, requiredCount } from './runtime/environment.ts'
import { nameOf, warn } from './runtime/log.ts'
import { Bursts } from './store/telling/bursts.ts'
import { Digests } from './store/telling/digests.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Journal } from './store/watching/journal.ts'
import { KnownIntake } from './store/watching/known-intake.ts'
import { KnownWindows } from './store/watching/known-windows.ts'
import { Operations } from './store/watching/operations.ts'
import { parseFlipMessage } from './store/messages.ts'
import { Outages } from './store/telling/outages.ts'
import { Outbox } from './store/telling/outbox.ts'
import { makePark, type Park } from './store/parking.ts'
import { Paces } from './store/telling/paces.ts'
import { joinedReads } from './store/items/joined-reads.ts'
import { Registry } from './store/registry/registry.ts'

export type AlertDeps = KnownCheckDeps &
  TellOutageDeps & {
    /** Puts a message that can't be read among the dead letters. */
    readonly park: Park
  }

/**
 * Turns flips into deliveries. All messages are taken side by side, so that one that waits for a
 * body, or fails, holds up no other.
 */
export function makeAlertHandler(deps: AlertDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const outcomes = await Promise.all(Records.map((record) => attempt(deps, record)))
    const failed = Records.filter((_, index) => outcomes[index] === 'failed')
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
}

async function attempt(deps: AlertDeps, record: SQSRecord): Promise<'done' | 'failed'> {
  let check: string | undefined
  try {
    const message = parseFlipMessage(record.body)
    check = message?.flip.checkId
    await (message === undefined ? deps.park(record) : alert(deps, message))
    return 'done'
  } catch (error) {
    warn('alert-failed', { check, message: record.messageId, error: nameOf(error) })
    return 'failed'
  }
}

/**
 * Acknowledges a flip once its deliveries are on their way. After a crash before that the flip
 * comes again, and claims keep it from being delivered twice.
 */
async function alert(deps: AlertDeps, message: FlipMessage): Promise<void> {
  const { flip } = message
  const known = isDrill(flip.checkId) ? undefined : await knownCheck(deps, flip.checkId)
  if (known !== undefined && mayBeToldLater(known.check.rules, message))
    return tellOutage(deps, message, known)
  const told = await tellAtOnce(deps, message, known)
  failIfBroken(told?.broken ?? [])
  await deps.heartbeats.acknowledge(flip, deps.clock.now())
  logTold(flip, told)
}

/** Undefined when the check has been deleted. */
async function tellAtOnce(
  deps: AlertDeps,
  message: FlipMessage,
  known: KnownCheck | undefined,
): Promise<AmountTold | undefined> {
  const { checkId } = message.flip
  if (isDrill(checkId)) return sendOrGather(deps, checkId, [drillDelivery(message)])
  return known && tell(deps, message, { ...known, channelIds: known.check.channelIds })
}

const database = makeOwnDatabase()
const queueAt = makeQueues()
const operations = new Operations(database, required('OPERATIONS_TABLE'))

export const handler = makeAlertHandler({
  registry: new Registry(database, required('REGISTRY_TABLE'), joinedReads),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  paces: new Paces(database, required('JOURNAL_TABLE')),
  bursts: new Bursts(database, required('JOURNAL_TABLE')),
  digests: new Digests(database, required('JOURNAL_TABLE')),
  outbox: new Outbox(
    queueAt,
    {
      deliveries: required('DELIVERIES_QUEUE_URL'),
      webhooks: required('WEBHOOKS_QUEUE_URL'),
    },
    callsHost,
  ),
  outages: new Outages(database, required('JOURNAL_TABLE')),
  intake: new KnownIntake(operations),
  knownWindows: new KnownWindows(operations),
  park: makePark(queueAt(required('FLIPSDEADLETTERS_QUEUE_URL'))),
  clock,
  burst: requiredCount('ALERT_BURST'),
  apiRoot: new URL(required('API_URL')).origin,
  pingEndpoint: required('PING_ENDPOINT'),
  dashboardUrl: optional('DASHBOARD_URL'),
})
