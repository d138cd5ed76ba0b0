import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { type GatherDeps, singly } from './alert/gather.ts'
import { checkAnswer } from './api/check-answer.ts'
import {
  type Alert,
  alertOf,
  type Delivery,
  type FlipMessage,
  type LastBody,
  type Payload,
  shownPings,
} from './domain/telling/alert.ts'
import { bodyText, tailOf } from './domain/wire/body-text.ts'
import { type Channel, takes, webhookCallOf } from './domain/telling/channel.ts'
import type { Check } from './domain/watching/check.ts'
import { drillDelivery } from './domain/watching/drill.ts'
import type { Heartbeat } from './domain/watching/heartbeat.ts'
import { cutInWords, type KeptBody } from './domain/watching/kept-body.ts'
import type { Impairment } from './domain/watching/impairment.ts'
import { isDrill } from './domain/watching/own-heartbeats.ts'
import { wantsOf } from './domain/telling/webhook-request.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required, requiredCount } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { Bursts } from './store/telling/bursts.ts'
import { makeDynamoClient, makeQueueClient } from './store/items/client.ts'
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

export type AlertDeps = GatherDeps & {
  readonly registry: Pick<Registry, 'ownerOf' | 'project' | 'check' | 'channelsOf'>
  readonly journal: Pick<Journal, 'pings' | 'body'>
  readonly heartbeats: Pick<Heartbeats, 'acknowledge'>
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
  /** Takes a message that is none. */
  readonly park: Park
  readonly clock: Clock
  /**
   * Where the management API and pings are, without a slash at their ends: for what shows a check
   * as the API does.
   */
  readonly apiRoot: string
  readonly pingEndpoint: string
}

const BODY_WAIT_MS = 2000
const BODY_LOOK_INTERVAL_MS = 250
const BODY_TAIL_LENGTH = 2000
/** A message of a queue has to hold it, and the rest of a delivery. */
const PAYLOAD_BODY_BYTES = 10_000

/**
 * Turns flips into deliveries, all messages side by side: one that waits for a body or fails holds
 * no other back.
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
 * Acknowledged is what is on its way: a crash before that brings the flip again, and claims keep it
 * from being told twice.
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

/** `broken` are channels that can't be read: the others hear of the flip all the same. */
type Told = {
  readonly projectId: string
  readonly deliveries: readonly Delivery[]
  readonly broken: readonly string[]
}

/** Undefined for a check that is deleted by now: there is nothing left to tell. */
async function deliveriesOf(deps: AlertDeps, message: FlipMessage): Promise<Told | undefined> {
  const { registry, journal, intake, clock } = deps
  const { checkId } = message.flip
  if (isDrill(checkId))
    return { projectId: checkId, deliveries: [drillDelivery(message)], broken: [] }
  const projectId = await registry.ownerOf(checkId)
  if (projectId === undefined) return undefined
  const [project, check] = await Promise.all([
    registry.project(projectId),
    registry.check(projectId, checkId),
  ])
  if (project === undefined || check === undefined) return undefined
  const broken: string[] = []
  const [channels, pings, body, impairment] = await Promise.all([
    registry.channelsOf(check, (channel) => broken.push(channel)),
    journal.pings(checkId, shownPings, clock.now()),
    bodyOf({ journal, clock }, message.heartbeat),
    intake.impairmentAt(clock.now()),
  ])
  const lastBody = body && lastBodyOf(body, message.heartbeat)
  const alert = alertOf(message, { check, project, pings, lastBody, impairment })
  const told = channels.filter((channel) => takes(channel, message.flip.status))
  const known = { alert, check, heartbeat: message.heartbeat, body, impairment }
  return {
    projectId,
    broken,
    deliveries: told.map((channel) => ({ alert, channel, ...payloadOf(deps, channel, known) })),
  }
}

type Known = {
  readonly alert: Alert
  readonly check: Check
  readonly heartbeat: Heartbeat
  readonly body: KeptBody | undefined
  readonly impairment: Impairment
}

/**
 * What a webhook's placeholders ask for beyond the alert, so that sending it asks nobody anything.
 */
function payloadOf(
  { apiRoot: root, pingEndpoint, clock }: AlertDeps,
  channel: Channel,
  { alert, check, heartbeat, body, impairment }: Known,
): { readonly payload?: Payload } {
  const call = channel.kind === 'webhook' ? webhookCallOf(channel, alert.flip.status) : undefined
  if (call === undefined) return {}
  const wants = wantsOf(call)
  const viewer = {
    site: { root, version: 3, pingEndpoint },
    access: 'read-write',
    now: clock.now(),
    impairment,
  } as const
  const shown = { ...check, description: alert.check.description }
  return {
    payload: {
      ...(wants.check ? { check: checkAnswer(shown, heartbeat, viewer) } : {}),
      ...(wants.body && body !== undefined ? { body: payloadBodyOf(body) } : {}),
    },
  }
}

function lastBodyOf(body: KeptBody, { pingCount }: Heartbeat): LastBody {
  const told = body.words?.text ?? body
  const cut = cutInWords(told)
  return {
    pingNumber: pingCount,
    tail: tailOf(told.bytes, BODY_TAIL_LENGTH),
    ...(cut === undefined ? {} : { cut }),
    ...(body.words === undefined ? {} : { subject: body.words.subject }),
  }
}

/** The beginning of a body, for webhooks; of a mail what it says. */
function payloadBodyOf({ bytes, words }: KeptBody): string {
  const beginning = bodyText((words?.text.bytes ?? bytes).subarray(0, PAYLOAD_BODY_BYTES))
  return words === undefined ? beginning : `${words.subject}\n\n${beginning}`
}

/**
 * The body that the last ping announced. It is written after the heartbeat, so it may be on its way
 * still, or lost.
 */
async function bodyOf(
  { journal, clock }: Pick<AlertDeps, 'journal' | 'clock'>,
  heartbeat: Heartbeat,
): Promise<KeptBody | undefined> {
  const { id, pingCount, lastPing } = heartbeat
  if (lastPing === undefined || lastPing.bodyBytes === 0) return undefined
  const giveUpAt = clock.now() + BODY_WAIT_MS
  let body = await journal.body(id, pingCount, clock.now())
  while (body === undefined && clock.now() < giveUpAt) {
    await clock.waitUntil(clock.now() + BODY_LOOK_INTERVAL_MS)
    body = await journal.body(id, pingCount, clock.now())
  }
  return body
}

const dynamo = makeDynamoClient()
const sqs = makeQueueClient()

export const handler = makeAlertHandler({
  registry: new Registry(dynamo, required('REGISTRY_TABLE'), joinedReads),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  paces: new Paces(dynamo, required('JOURNAL_TABLE')),
  bursts: new Bursts(dynamo, required('JOURNAL_TABLE')),
  digests: new Digests(dynamo, required('JOURNAL_TABLE')),
  deliveries: new Outbox(sqs, {
    deliveries: required('DELIVERIES_QUEUE_URL'),
    webhooks: required('WEBHOOKS_QUEUE_URL'),
  }),
  intake: new KnownIntake(new Operations(dynamo, required('OPERATIONS_TABLE'))),
  park: makePark(new Queue(sqs, required('FLIPSDEADLETTERS_QUEUE_URL'))),
  clock,
  burst: requiredCount('ALERT_BURST'),
  apiRoot: new URL(required('API_URL')).origin,
  pingEndpoint: required('PING_ENDPOINT'),
})
