import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import { deliverDigest, type DigestDeps } from './deliver/digest.ts'
import { deliverPersonal, type PersonalDeps } from './deliver/personal.ts'
import { deliverSingly, idsOf, type SingleDeps } from './deliver/single.ts'
import { makeSendMail } from './aws/mail.ts'
import { makeAwsPost } from './aws/post.ts'
import { makeQueues } from './aws/queues.ts'
import { Mailer } from './channels/email/mailer.ts'
import { HttpSender } from './channels/http.ts'
import { makeSenders, senderOf } from './channels/kinds.ts'
import { localInternet } from './channels/local-internet.ts'
import { PersonalSender } from './channels/email/personal-sender.ts'
import { VerificationSender } from './channels/email/verification.ts'
import { type DeliveriesMessage, isDigestRequest, isPersonal } from './domain/telling/notice.ts'
import { retryDelaySeconds } from './domain/telling/retry.ts'
import { clock } from './runtime/clock.ts'
import { optional, required, requiredCount } from './runtime/environment.ts'
import { nameOf, warn } from './runtime/log.ts'
import { type Random, random } from './runtime/random.ts'
import { Addresses } from './store/telling/addresses.ts'
import { Circuits } from './store/telling/circuits.ts'
import { Deliveries } from './store/telling/deliveries.ts'
import type { ClaimTerms } from './store/telling/delivery-expressions.ts'
import { DigestDeliveries } from './store/telling/digest-deliveries.ts'
import { Digests } from './store/telling/digests.ts'
import { expiryAfter } from './store/items/expiry.ts'
import { parseDeliveriesMessage } from './store/messages.ts'
import { Outbox, queueOf } from './store/telling/outbox.ts'
import { makePark, type Park } from './store/parking.ts'

export type DeliverDeps = DigestDeps &
  SingleDeps &
  PersonalDeps & {
    readonly outbox: Pick<Outbox, 'postpone' | 'send'>
    /** Puts a message that can't be read among the dead letters of its queue. */
    readonly park: (
      record: Parameters<Park>[0] & Pick<SQSRecord, 'eventSourceARN'>,
    ) => Promise<void>
    readonly random: Pick<Random, 'uuid'>
    readonly logDays: number
  }

/** Longer than the function may run: when a lease has ended, its sender is gone. */
const LEASE_MS = 60_000

/**
 * Sends deliveries and remembers what became of them. What has to be tried again stays in the
 * queue, and comes back when it is time.
 */
export function makeDeliverHandler(
  deps: DeliverDeps,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const batchItemFailures: SQSBatchItemFailure[] = []
    for (const record of event.Records) {
      const waitSeconds = await attempt(deps, record)
      if (waitSeconds === undefined) continue
      await deps.outbox.postpone(record, waitSeconds)
      batchItemFailures.push({ itemIdentifier: record.messageId })
    }
    return { batchItemFailures }
  }
}

/** Answers with the seconds until the next attempt; undefined when there is to be none. */
async function attempt(deps: DeliverDeps, record: SQSRecord): Promise<number | undefined> {
  const message = parseDeliveriesMessage(record.body)
  if (message === undefined || !isSendable(deps, message)) {
    await deps.park(record)
    return undefined
  }
  const receiveCount = Number(record.attributes.ApproximateReceiveCount)
  try {
    if (isPersonal(message)) {
      await deliverPersonal(deps, message)
      return
    }
    return await (isDigestRequest(message)
      ? deliverDigest(deps, message, { ...termsOf(deps), receiveCount })
      : deliverSingly(deps, message, { ...termsOf(deps), receiveCount }))
  } catch (error) {
    warn('delivery-attempt-failed', {
      ...idsOf(message),
      attempt: receiveCount,
      error: nameOf(error),
    })
    return retryDelaySeconds(receiveCount)
  }
}

function isSendable({ senders }: DeliverDeps, message: DeliveriesMessage): boolean {
  if (isPersonal(message)) return true
  const sender = senderOf(senders, message.channel)
  return isDigestRequest(message) ? sender?.sendDigest !== undefined : sender !== undefined
}

function termsOf({ random, clock, logDays }: DeliverDeps): ClaimTerms {
  const now = clock.now()
  return {
    claimant: random.uuid(),
    now,
    leaseUntil: now + LEASE_MS,
    expiresAt: expiryAfter(logDays, now),
  }
}

const queueAt = makeQueues()
const mailer = new Mailer(makeSendMail(optional('CONFIGURATION_SET')), required('SENDER'))
const database = makeOwnDatabase()
const journal = required('JOURNAL_TABLE')
const queues = {
  deliveries: required('DELIVERIES_QUEUE_URL'),
  webhooks: required('WEBHOOKS_QUEUE_URL'),
  requests: required('REQUESTS_QUEUE_URL'),
}
const parks = {
  deliveries: makePark(queueAt(required('DELIVERIESDEADLETTERS_QUEUE_URL'))),
  webhooks: makePark(queueAt(required('WEBHOOKSDEADLETTERS_QUEUE_URL'))),
  requests: makePark(queueAt(required('REQUESTSDEADLETTERS_QUEUE_URL'))),
}

const localUrl = optional('LOCAL_INTERNET_URL')
const http = new HttpSender(localUrl === undefined ? {} : localInternet(localUrl))
const senders = makeSenders({ mailer, http, post: makeAwsPost() })

export const handler = makeDeliverHandler({
  deliveries: new Deliveries(database, journal),
  digests: new Digests(database, journal),
  digestDeliveries: new DigestDeliveries(database, journal),
  circuits: new Circuits(database, journal),
  addresses: new Addresses(database, journal),
  outbox: new Outbox(queueAt, queues, (channel) => senderOf(senders, channel)?.callsHosts === true),
  senders,
  verifications: new VerificationSender(mailer),
  personalMails: new PersonalSender(mailer),
  park: (record) => parks[queueOf(queues, record.eventSourceARN)](record),
  clock,
  random,
  logDays: requiredCount('LOG_DAYS'),
})
