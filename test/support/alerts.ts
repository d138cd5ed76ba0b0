import type { SQSEvent, SQSRecord } from 'aws-lambda'
import {
  type Alert,
  alertOf,
  type Background,
  type Delivery,
} from '../../lambdas/domain/telling/alert.ts'
import { makeSenders, type Senders } from '../../lambdas/channels/kinds.ts'
import type { Sender } from '../../lambdas/channels/sender.ts'
import type { WebhookChannel } from '../../lambdas/channels/webhook.ts'
import type { ChannelBase, EmailChannel } from '../../lambdas/domain/telling/channel.ts'
import type { WebhookCall } from '../../lambdas/domain/telling/webhook-request.ts'
import { type DigestEntry } from '../../lambdas/domain/telling/digest.ts'
import type { DownCause } from '../../lambdas/domain/watching/down-cause.ts'
import type { Flip } from '../../lambdas/domain/watching/flip.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../lambdas/domain/watching/impairment.ts'
import type { LoggedPing } from '../../lambdas/domain/watching/ping.ts'
import type { Project } from '../../lambdas/domain/people/project.ts'
import { aCheck, aHeartbeat, aMiss, aPing, hour, minute, start } from './builders.ts'

export const deadline = start + hour + 10 * minute

/** The flip of a check that was pinged once, at `start`, and then missed its deadline. */
export function aFlip(fields: Partial<Flip> = {}): Flip {
  return {
    checkId: aCheck().id,
    at: deadline,
    count: 1,
    status: 'down',
    from: 'up',
    reason: 'timeout',
    ...fields,
  }
}

/** A success in the log, sent at `start`. */
export function aLoggedPing(fields: Partial<LoggedPing> = {}): LoggedPing {
  const { signal, requestId: _, ...details } = aPing()
  return { ...details, type: signal, number: 1, ...fields }
}

/** The heartbeat that such a flip leaves behind. */
export function aDownHeartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  const { number, ...lastPing } = aLoggedPing()
  return aHeartbeat({
    status: 'down',
    since: { ...aMiss(deadline), count: 1 },
    pingCount: number,
    lastPingAt: start,
    lastPing,
    ...fields,
  })
}

/** What makes it the heartbeat of a flip by another cause. */
export function downBy(cause: DownCause): Pick<Heartbeat, 'since'> {
  return { since: { at: deadline, count: 1, cause } }
}

export function aProject(fields: Partial<Project> = {}): Project {
  const id = aCheck().projectId
  return {
    id,
    name: 'Home lab',
    pingKey: 'ping-key',
    badgeKey: 'badge-key',
    checkLimit: 10,
    createdAt: start,
    ...fields,
  }
}

const base = { id: '44444444-4444-4444-8444-444444444444', name: '', version: 1, createdAt: start }

/** An e-mail channel that is verified. */
export function aChannel(fields: Partial<EmailChannel> = {}): EmailChannel {
  return {
    ...base,
    kind: 'email',
    address: 'ops@example.com',
    verification: { state: 'verified', at: start },
    ...fields,
  }
}

/** A webhook that is told by POST when a check goes down, and of nothing else. */
export function aWebhook(down: Partial<WebhookCall> = {}): WebhookChannel {
  return {
    ...base,
    kind: 'webhook',
    down: { method: 'POST', url: 'https://example.com/hook', headers: {}, body: '', ...down },
  }
}

/**
 * The alert of a missed deadline, unless the flip, the heartbeat or the background say otherwise.
 */
export function anAlert(
  fields: { flip?: Partial<Flip>; heartbeat?: Partial<Heartbeat> } & Partial<Background> = {},
): Alert {
  const { flip, heartbeat, ...background } = fields
  const known = {
    check: aCheck(),
    project: aProject(),
    pings: [aLoggedPing()],
    lastBody: undefined,
    impairment: unimpaired,
    ...background,
  }
  return alertOf({ flip: aFlip(flip), heartbeat: aDownHeartbeat(heartbeat) }, known)
}

/** A delivery of that alert, to an e-mail channel unless another is given. */
export function aDelivery(
  fields?: Partial<Omit<Delivery, 'channel'>> & { channel?: EmailChannel },
): Delivery & { channel: EmailChannel }
export function aDelivery<To extends ChannelBase>(
  fields: Partial<Delivery> & { channel: To },
): Delivery & { channel: To }
export function aDelivery(fields: Partial<Delivery> = {}): Delivery {
  return { alert: anAlert(), channel: aChannel(), ...fields }
}

/**
 * A flip that waits for a digest: that of a missed deadline, gathered at once, unless the fields
 * say otherwise.
 */
export function aDigestEntry({
  flip,
  ...fields
}: Partial<Omit<DigestEntry, 'flip'>> & { flip?: Partial<Flip> } = {}): DigestEntry {
  const told = aFlip(flip)
  const down = told.reason === 'fail' ? 'failed' : 'missed'
  return {
    flip: told,
    cause: told.status === 'down' ? down : 'recovered',
    name: aCheck().name,
    timeZone: 'UTC',
    gatheredAt: deadline,
    ...fields,
  }
}

/** Messages as a queue hands them to a function, `message-0` first. */
export function aQueueEvent(bodies: readonly object[], receiveCount = 1): SQSEvent {
  return {
    Records: bodies.map((body, index) => aQueueRecord(JSON.stringify(body), index, receiveCount)),
  }
}

function aQueueRecord(body: string, index: number, receiveCount: number): SQSRecord {
  return {
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: receiveCount.toString(),
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'us-east-1',
  }
}

/** A sender for each kind of channel, all of which send like this. */
export function sendersBy(
  send: Sender<ChannelBase>['send'],
  sendDigest: NonNullable<Sender<ChannelBase>['sendDigest']> = () =>
    Promise.reject(new Error('no digest was asked for')),
): Senders {
  const nobody = () => Promise.reject(new Error('nobody is reached'))
  const senders = makeSenders({
    mailer: { send: nobody },
    http: { follow: nobody, call: nobody },
    post: nobody,
  })
  const replaced = Object.entries(senders).map(([kind, sender]) => [
    kind,
    { ...sender, send, ...(sender.sendDigest && { sendDigest }) },
  ])
  return Object.fromEntries(replaced) as Senders
}
