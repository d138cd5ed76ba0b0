import type { ChannelBase } from '../../lambdas/domain/telling/channel.ts'
import { clock, random, running } from './host.ts'
import type { DeliveryTo, DigestTo } from '../../lambdas/channels/sender.ts'
import { makeDatabase } from '../../lambdas/aws/database.ts'
import { sendMailOver } from '../../lambdas/aws/mail.ts'
import { rawForm } from '../../lambdas/aws/own-database.ts'
import { queuesOver } from '../../lambdas/aws/queues.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import { Mailer } from '../../lambdas/channels/email/mailer.ts'
import { PersonalSender } from '../../lambdas/channels/email/personal-sender.ts'
import { VerificationSender } from '../../lambdas/channels/email/verification.ts'
import { callsHost } from '../../lambdas/channels/kinds.ts'
import type { WebhookChannel } from '../../lambdas/channels/webhook.ts'
import type { EmailChannel } from '../../lambdas/domain/telling/channel.ts'
import type { DigestEntry } from '../../lambdas/domain/telling/digest.ts'
import { Addresses } from '../../lambdas/store/telling/addresses.ts'
import { Allowances } from '../../lambdas/store/telling/allowances.ts'
import { Bursts } from '../../lambdas/store/telling/bursts.ts'
import { Channels } from '../../lambdas/store/registry/channels.ts'
import { Circuits } from '../../lambdas/store/telling/circuits.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { DigestDeliveries } from '../../lambdas/store/telling/digest-deliveries.ts'
import { Digests } from '../../lambdas/store/telling/digests.ts'
import { HeartbeatLists } from '../../lambdas/store/watching/heartbeat-lists.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { Outbox } from '../../lambdas/store/telling/outbox.ts'
import { Outages } from '../../lambdas/store/telling/outages.ts'
import { Paces } from '../../lambdas/store/telling/paces.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Windows } from '../../lambdas/store/registry/windows.ts'
import type { CheckSource } from '../../lambdas/mirror/source.ts'
import { AllChecks } from '../../lambdas/store/source/all-checks.ts'
import { Attachments } from '../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../lambdas/store/source/faults.ts'
import { Holds } from '../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../lambdas/store/source/mirror-marks.ts'
import { joinedReads } from '../../lambdas/store/items/joined-reads.ts'
import { Replays } from '../../lambdas/store/watching/replays.ts'
import { Tallies } from '../../lambdas/store/registry/tallies.ts'
import { sendCanary } from '../../lambdas/sweep/canary.ts'
import { anyOf, makeSpillSignal, type OtherSignal } from '../../lambdas/sweep/signals.ts'
import { HOLD_MINUTES } from './settings.ts'
import { toldKey } from './platform/sent.ts'

const CANARY_TIMEOUT_MS = 3000

/**
 * What functions are made of: the real stores and senders, over calls that ask whatever process
 * runs at the moment.
 */
export type Parts = ReturnType<typeof makeParts>

export function makeParts() {
  const database = runningDatabase()
  const queueAt = queuesOver((operation, input) =>
    running().call({ service: 'sqs', operation, input }),
  )
  const sendMail = sendMailOver((input) =>
    running().call({ service: 'ses', operation: 'SendEmail', input }),
  )
  const mailer = new Mailer(sendMail, 'alerts@example.com')
  const heartbeats = new HeartbeatLists(database, 'Heartbeats')
  const spillQueue = queueAt('https://sqs.example.com/Spill')
  return {
    registry: new Registry(database, 'Registry'),
    allChecks: new AllChecks(database, 'Registry'),
    attachments: new Attachments(database, 'Registry'),
    faults: new RowFaults(database, 'Operations'),
    holds: new Holds(database, 'Operations'),
    marks: new MirrorMarks(database, 'Operations'),
    source: runningSource(),
    joinedRegistry: new Registry(database, 'Registry', joinedReads),
    heartbeats,
    lookups: new Lookups(database, 'Lookups'),
    tallies: new Tallies(database, 'Lookups'),
    journal: new Journal(database, 'Journal'),
    audits: new Audits(database, 'Journal'),
    channels: new Channels(database, 'Registry'),
    windows: new Windows(database, 'Registry'),
    deliveries: new Deliveries(database, 'Journal'),
    operations: new Operations(database, 'Operations'),
    outages: new Outages(database, 'Journal'),
    paces: new Paces(database, 'Journal'),
    bursts: new Bursts(database, 'Journal'),
    digests: new Digests(database, 'Journal'),
    digestDeliveries: new DigestDeliveries(database, 'Journal'),
    circuits: new Circuits(database, 'Journal'),
    replays: new Replays(database, { Heartbeats: 'Heartbeats', Journal: 'Journal' }),
    flipsQueue: queueAt('https://sqs.example.com/Flips'),
    spillQueue,
    outbox: new Outbox(
      queueAt,
      {
        deliveries: 'https://sqs.example.com/Deliveries',
        webhooks: 'https://sqs.example.com/Webhooks',
        requests: 'https://sqs.example.com/Requests',
      },
      callsHost,
    ),
    requests: queueAt('https://sqs.example.com/Requests'),
    addresses: new Addresses(database, 'Journal'),
    allowances: new Allowances(database, 'Journal'),
    // The real senders but for the text of the mail, which would cost more time than all else: it
    // says what the oracle wants to know.
    email: {
      send: ({ alert, channel, isTest }: DeliveryTo<EmailChannel>) =>
        mail(
          mailer,
          channel,
          isTest === true ? [] : [toldKey(alert.flip, channel.id, alert.telling)],
        ),
      sendDigest: ({ channel }: DigestTo<EmailChannel>, entries: readonly DigestEntry[]) =>
        mail(
          mailer,
          channel,
          entries.map(({ flip, telling }) => toldKey(flip, channel.id, telling)),
        ),
    },
    // Names and sockets are of a world that does not repeat, so there is a host that is asked as
    // AWS is.
    webhook: {
      callsHosts: true as const,
      send: ({ alert, channel }: DeliveryTo<WebhookChannel>) =>
        post(running(), [toldKey(alert.flip, channel.id, alert.telling)]),
    },
    slack: {
      callsHosts: true as const,
      send: ({ alert, channel, isTest }: DeliveryTo<ChannelBase>) =>
        post(running(), isTest === true ? [] : [toldKey(alert.flip, channel.id, alert.telling)]),
      sendDigest: ({ channel }: DigestTo<ChannelBase>, entries: readonly DigestEntry[]) =>
        post(
          running(),
          entries.map(({ flip, telling }) => toldKey(flip, channel.id, telling)),
        ),
    },
    /** What the sweep sends to see whether pings are taken, and where else it looks. */
    canary: (id: string) =>
      sendCanary(
        { heartbeats, fetch: fetchPing, clock, pingEndpoint: 'https://ping.example.com/ping' },
        id,
      ),
    longestHoldMs: HOLD_MINUTES * 60_000,
    otherSignal: anyOf(makeSpillSignal(spillQueue), errorsOfPing),
    verifications: new VerificationSender(mailer),
    personalMails: new PersonalSender(mailer),
    /** All messages are the functions' own. */
    park: () => Promise.reject(new Error('a message cannot be read')),
    clock,
    random,
  }
}

async function post(process: ReturnType<typeof running>, tells: readonly string[]) {
  await process.call({ service: 'internet', operation: 'Post', input: { tells } })
  return { kind: 'sent' } as const
}

function mail(
  mailer: Mailer,
  { id: channel, address: to }: EmailChannel,
  tells: readonly string[],
) {
  return mailer.send({
    to,
    subject: '',
    text: JSON.stringify(tells),
    html: '',
    sentFor: { project: undefined, channel },
  })
}

/** As much of `fetch` as a canary needs. */
const fetchPing: typeof fetch = async (url) => {
  const input = {
    method: 'GET',
    path: new URL(url instanceof Request ? url.url : url).pathname,
    timeoutMs: CANARY_TIMEOUT_MS,
  }
  const { status } = (await running().call({ service: 'endpoint', operation: 'Ping', input })) as {
    readonly status: number
  }
  if (status === 0) throw new Error('no answer in time')
  return new Response(null, { status })
}

/** What CloudWatch counts of the ping function, without its XML. */
const errorsOfPing: OtherSignal = async (from, to) => {
  const answer = await running().call({
    service: 'cloudwatch',
    operation: 'GetMetricData',
    input: { from, to },
  })
  return (answer as { readonly errors: number }).errors > 0
}

/** The database that is mirrored. */
function runningSource(): CheckSource {
  const ask = async <Answer>(operation: string, input: object): Promise<Answer> => {
    const answer = await running().call({ service: 'source', operation, input })
    return (answer as { readonly value: Answer }).value
  }
  return {
    changes: (after, most) => ask('changes', { after, most }),
    rows: (uuids) => ask('rows', { uuids }),
    page: (after, most) => ask('page', { after, most }),
    forget: (ids) => ask('forget', { ids }),
    end: () => Promise.resolve(),
  }
}

let transactions = 0

/** Each transaction has a token, so that it is done once however often it is tried. */
function runningDatabase(): Database {
  return makeDatabase((operation, input) => {
    transactions += 1
    const token = { ClientRequestToken: transactions.toString() }
    const complete = operation === 'TransactWriteItems' ? { ...token, ...input } : input
    return running().call({ service: 'dynamodb', operation, input: complete })
  }, rawForm)
}
