import { SESv2Client } from '@aws-sdk/client-sesv2'
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Outcome, Senders } from './channels/channel.ts'
import { EmailSender } from './channels/email.ts'
import type { Delivery } from './domain/alert.ts'
import { retryDelaySeconds } from './domain/retry.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { optional, required, requiredCount } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { type Random, random } from './runtime/random.ts'
import { boundedCalls, makeDynamoClient, makeQueueClient } from './store/client.ts'
import { Deliveries } from './store/deliveries.ts'
import { Queue } from './store/queue.ts'

export type DeliverDeps = {
  readonly deliveries: Pick<Deliveries, 'claim' | 'markSent' | 'markFailed' | 'release'>
  readonly queue: Pick<Queue, 'postpone'>
  readonly senders: Senders
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'uuid'>
  readonly logDays: number
}

/** Longer than the function may run, so that a lease that has ended means a sender that is gone. */
const LEASE_MS = 60_000

/** Sends deliveries and remembers what became of them. What has to be tried again stays in the queue, and comes back when it is time. */
export function makeDeliverHandler(deps: DeliverDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const batchItemFailures: SQSBatchItemFailure[] = []
    for (const record of event.Records) {
      const waitSeconds = await attempt(deps, record)
      if (waitSeconds === undefined) continue
      await deps.queue.postpone(record.receiptHandle, waitSeconds)
      batchItemFailures.push({ itemIdentifier: record.messageId })
    }
    return { batchItemFailures }
  }
}

/** Answers with the seconds until the next attempt; undefined when there is to be none. */
async function attempt(deps: DeliverDeps, record: SQSRecord): Promise<number | undefined> {
  const delivery = JSON.parse(record.body) as Delivery
  try {
    return await deliver(deps, delivery)
  } catch (error) {
    const receiveCount = Number(record.attributes.ApproximateReceiveCount)
    warn('delivery-attempt-failed', { ...idsOf(delivery), attempt: receiveCount, error: nameOf(error) })
    return retryDelaySeconds(receiveCount)
  }
}

async function deliver(deps: DeliverDeps, delivery: Delivery): Promise<number | undefined> {
  const { deliveries, clock, logDays } = deps
  const now = clock.now()
  const claim = await deliveries.claim(delivery, {
    claimant: deps.random.uuid(),
    now,
    leaseUntil: now + LEASE_MS,
    expiresAt: Math.floor(now / 1000) + logDays * 86_400,
  })
  if (claim === 'settled') return undefined
  if (claim !== 'claimed') return Math.max(1, Math.ceil((claim.leasedUntil - now) / 1000))
  const outcome = await outcomeOf(deps, delivery)
  switch (outcome.kind) {
    case 'sent':
      await deliveries.markSent(delivery, clock.now())
      log('delivered', idsOf(delivery))
      return undefined
    case 'refused':
      await deliveries.markFailed(delivery, outcome.reason, clock.now())
      warn('delivery-refused', idsOf(delivery))
      return undefined
  }
}

/** Gives the delivery back, for the next attempt, when this one fails. */
async function outcomeOf({ deliveries, senders, clock }: DeliverDeps, delivery: Delivery): Promise<Outcome> {
  try {
    return await senders[delivery.channel.kind].send(delivery, clock.now())
  } catch (error) {
    await deliveries.release(delivery, reasonOf(error), clock.now())
    throw error
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function idsOf({ alert: { flip }, channel }: Delivery) {
  return { check: flip.checkId, status: flip.status, at: flip.at, channel: channel.id, kind: channel.kind }
}

/** The queue tries again, not the client: each attempt is noted, and none is made twice behind our back. */
const ses = new SESv2Client(boundedCalls({ connectionTimeoutMs: 3000, requestTimeoutMs: 15_000, maxAttempts: 1 }))
const configurationSet = optional('CONFIGURATION_SET')

export const handler = makeDeliverHandler({
  deliveries: new Deliveries(makeDynamoClient(), required('JOURNAL_TABLE')),
  queue: new Queue(makeQueueClient(), required('DELIVERIES_QUEUE_URL')),
  senders: {
    email: new EmailSender(ses, { sender: required('SENDER'), ...(configurationSet === undefined ? {} : { configurationSet }) }),
  },
  clock,
  random,
  logDays: requiredCount('LOG_DAYS'),
})
