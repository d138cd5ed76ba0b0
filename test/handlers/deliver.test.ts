import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Attempt, Outcome } from '../../lambdas/channels/outcome.ts'
import { type DeliverDeps, makeDeliverHandler } from '../../lambdas/deliver.ts'
import type { Delivery } from '../../lambdas/domain/telling/alert.ts'
import { flipKey } from '../../lambdas/domain/watching/flip.ts'
import type { Notice, VerificationRequest } from '../../lambdas/domain/telling/notice.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Addresses } from '../../lambdas/store/telling/addresses.ts'
import { Circuits } from '../../lambdas/store/telling/circuits.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { DigestDeliveries } from '../../lambdas/store/telling/digest-deliveries.ts'
import { Digests } from '../../lambdas/store/telling/digests.ts'
import { deliveryEntry } from '../../lambdas/store/keys.ts'
import type { ReceivedMessage } from '../../lambdas/store/telling/outbox.ts'
import {
  aChannel,
  aDelivery,
  anAlert,
  aQueueEvent,
  aWebhook,
  deadline,
  sendersBy,
} from '../support/alerts.ts'
import { minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

const kept = { batchItemFailures: [{ itemIdentifier: 'message-0' }] }
const gone = { batchItemFailures: [] }

let engine: TestEngine
let deliveries: Deliveries
let clock: ReturnType<typeof aClock>
let sent: Delivery[]
let verified: VerificationRequest[]
let postponed: (readonly [receipt: string, seconds: number])[]
let delivery: Delivery
let count = 0
let checkId: string

beforeAll(async () => {
  engine = await makeTables()
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(() => {
  count += 1
  clock = aClock(start)
  sent = []
  verified = []
  postponed = []
  checkId = random.uuid()
  delivery = aDelivery({ alert: anAlert({ flip: { count, checkId } }) })
})

/** Hands the delivery to the function, whose channel answers as told. */
function deliver(
  own: Partial<DeliverDeps> & {
    outcome?: Attempt | Error
    receiveCount?: number
    notice?: Notice
  } = {},
) {
  const { outcome = { kind: 'sent' }, receiveCount = 1, notice = delivery, ...deps } = own
  const send = (taken: Delivery) => {
    if (outcome instanceof Error) return Promise.reject(outcome)
    sent.push(taken)
    return Promise.resolve(outcome)
  }
  const verifications = {
    send: (taken: VerificationRequest) =>
      Promise.resolve((verified.push(taken), outcome as Outcome)),
  }
  const postpone = async ({ receiptHandle }: ReceivedMessage, seconds: number) => {
    await new Promise(setImmediate)
    postponed.push([receiptHandle, seconds])
  }
  const handle = makeDeliverHandler({
    deliveries,
    outbox: { postpone, send: () => Promise.reject(new Error('no digest was asked for')) },
    park: () => Promise.reject(new Error('all can be read')),
    circuits: new Circuits(engine.database, engine.names.Journal),
    addresses: new Addresses(engine.database, engine.names.Journal),
    senders: sendersBy(send),
    verifications,
    personalMails: { send: () => Promise.reject(new Error('nobody signs in')) },
    digests: new Digests(engine.database, engine.names.Journal),
    digestDeliveries: new DigestDeliveries(engine.database, engine.names.Journal),
    clock,
    random,
    logDays: 90,
    ...deps,
  })
  return handle(aQueueEvent([notice], receiveCount))
}

/** The answer to somebody else who claims the delivery. */
function claimedByAnother() {
  const terms = { now: start, leaseUntil: start, expiresAt: 1 }
  return deliveries.claim(delivery, { claimant: 'another', ...terms })
}

describe('deliver', () => {
  it.each([
    {},
    { link: 'https://example.com' },
    { digest: true, channel: aWebhook(), projectName: '' },
    { personal: { kind: 'sign-in', to: 'ana@example.com' } },
    { alert: {}, channel: aChannel() },
  ])('parks what is no message of its own at once: %j', async (message) => {
    const parked: string[] = []
    const park: DeliverDeps['park'] = ({ body }) => Promise.resolve(void parked.push(body))

    expect(await deliver({ notice: message as Notice, park })).toEqual(gone)

    expect(parked).toEqual([JSON.stringify(message)])
    expect([sent, verified, postponed]).toEqual([[], [], []])
  })

  it('keeps what can neither be read nor parked', async () => {
    const park = () => Promise.reject(new Error('unreachable'))

    await expect(deliver({ notice: {} as Notice, park })).rejects.toThrow('unreachable')
  })

  it('sends a delivery', async () => {
    expect(await deliver()).toEqual(gone)

    expect(sent).toEqual([delivery])
  })

  it('notes of a channel what its owner is to change, until it takes a delivery without', async () => {
    const { id } = delivery.channel
    await deliver({ outcome: { kind: 'sent', remark: 'set chat_id to -100' } })
    const remarked = await deliveries.lastOutcome(id)
    await deliver({ notice: aDelivery({ alert: anAlert({ flip: { count, at: clock.now() } }) }) })

    expect(remarked).toEqual({ state: 'sent', at: start, error: 'set chat_id to -100' })
    expect(await deliveries.lastOutcome(id)).toEqual({ state: 'sent', at: start, error: '' })
  })

  it('mails no address that bounced, whichever channel names it, and says since when', async () => {
    const addresses = new Addresses(engine.database, engine.names.Journal)
    const failure = {
      projectId: 'another',
      channelId: 'another',
      address: 'Gone@example.com',
      mailedAt: start,
      at: start,
    }
    await addresses.suppress({
      ...failure,
      reason: 'bounce',
      isPermanent: true,
      isOfLink: false,
      detail: 'Permanent, General',
    })
    const notice = aDelivery({
      alert: anAlert({ flip: { count, checkId } }),
      channel: aChannel({ address: 'gone@EXAMPLE.com' }),
    })

    expect(await deliver({ notice })).toEqual(gone)

    expect(sent).toEqual([])
    expect(await failuresOf(notice)).toEqual([
      'suppressed since 2026-01-01T00:00:00.000Z: bounce (Permanent, General)',
    ])
  })

  it('sends a redelivered message only once', async () => {
    await deliver()
    clock.set(start + 60 * minute)

    expect(await deliver()).toEqual(gone)

    expect(sent).toHaveLength(1)
  })

  it('leaves alone what another is sending, and comes back when the lease has ended', async () => {
    await deliveries.claim(delivery, {
      claimant: 'another',
      now: start,
      leaseUntil: start + 59_500,
      expiresAt: 2_000_000_000,
    })

    expect(await deliver()).toEqual(kept)

    expect(sent).toEqual([])
    expect(postponed).toEqual([['receipt-0', 60]])
  })

  it('has a delivery for itself for longer than the function may run', async () => {
    const timeoutMs = 30_000
    let other: unknown
    const send = async () => {
      const claim = {
        claimant: 'another',
        leaseUntil: start + 2 * minute,
        expiresAt: 2_000_000_000,
      }
      other = await deliveries.claim(delivery, { ...claim, now: start + timeoutMs })
      return { kind: 'sent' } as const
    }

    await deliver({
      senders: sendersBy(send),
    })

    expect(other).toMatchObject({ leasedUntil: expect.any(Number) as number })
  })

  it('takes over from a sender that is gone', async () => {
    await deliveries.claim(delivery, {
      claimant: 'another',
      now: start,
      leaseUntil: start + minute,
      expiresAt: 2_000_000_000,
    })
    clock.set(start + minute)

    expect(await deliver()).toEqual(gone)

    expect(sent).toHaveLength(1)
  })

  it.each([
    [1, 10],
    [4, 80],
    [21, 7200],
  ])('puts off what failed, attempt %i by %i seconds', async (receiveCount, seconds) => {
    expect(await deliver({ outcome: new Error('throttled'), receiveCount })).toEqual(kept)

    expect(postponed).toEqual([['receipt-0', seconds]])
  })

  it.each([
    [1, 90, 90],
    [1, 3, 10],
    [1, 7200, 3600],
    [11, 90, 7200],
  ])(
    'puts off, in attempt %i, what is asked for in %i seconds by %i',
    async (receiveCount, seconds, waited) => {
      const outcome = { kind: 'postponed', seconds, reason: 'received status code 429' } as const

      expect(await deliver({ outcome, receiveCount })).toEqual(kept)

      expect(postponed).toEqual([['receipt-0', waited]])
      expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({
        state: 'waiting',
        error: 'received status code 429',
      })
      expect(await failuresOf(delivery)).toEqual(['received status code 429'])
    },
  )

  it('sends what was put off once its time has come', async () => {
    await deliver({ outcome: { kind: 'postponed', seconds: 90, reason: 'busy' } })
    sent = []
    clock.set(start + 90_000)

    expect(await deliver({ receiveCount: 2 })).toEqual(gone)

    expect(sent).toEqual([delivery])
  })

  it('sends on the next attempt what failed before', async () => {
    await deliver({ outcome: new Error('throttled') })
    clock.set(start + 10_000)

    expect(await deliver({ receiveCount: 2 })).toEqual(gone)

    expect(sent).toHaveLength(1)
  })

  it('drops for good what the channel refuses', async () => {
    const outcome = { kind: 'refused', reason: 'no such address' } as const

    expect([await deliver({ outcome }), await deliver()]).toEqual([gone, gone])

    expect(sent).toHaveLength(1)
    expect(await claimedByAnother()).toBe('settled')
  })

  it('does not try credentials again that were refused, until the channel is changed or tested', async () => {
    const channel = { ...aWebhook(), id: random.uuid() }
    const told = (at: number, fields: Partial<Delivery> = {}) =>
      aDelivery({ alert: anAlert({ flip: { checkId, count, at } }), channel, ...fields })
    const outcome = { kind: 'denied', reason: 'received status code 401' } as const

    expect(await deliver({ outcome, notice: told(deadline) })).toEqual(gone)
    expect(await deliver({ notice: told(deadline + 1) })).toEqual(gone)
    expect(sent).toHaveLength(1)
    expect(await deliveries.lastOutcome(channel.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('received status code 401') as string,
    })

    await deliver({ notice: told(deadline + 2, { channel: { ...channel, version: 2 } }) })
    expect(sent).toHaveLength(2)
    await deliver({ notice: told(deadline + 3, { channel }) })
    expect(sent).toHaveLength(3)
  })

  it('tests a channel whose credentials were refused', async () => {
    const channel = { ...aWebhook(), id: random.uuid() }
    const test = aDelivery({ channel, isTest: true })
    const outcome = { kind: 'denied', reason: 'received status code 401' } as const

    await deliver({ outcome, notice: test })
    await deliver({ notice: { ...test, alert: anAlert({ flip: { at: deadline + 1 } }) } })

    expect(sent).toHaveLength(2)
  })

  it('tries again later when the journal can not be reached, and sends nothing unclaimed', async () => {
    const claim = () => Promise.reject(new Error('unreachable'))

    expect(await deliver({ deliveries: { ...settling(), claim }, receiveCount: 3 })).toEqual(kept)

    expect(sent).toEqual([])
    expect(postponed).toEqual([['receipt-0', 40]])
  })

  it('does not try a test again, and says so', async () => {
    delivery = { ...delivery, isTest: true }

    expect(await deliver({ outcome: new Error('received status code 500') })).toEqual(gone)

    expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({
      state: 'failed',
      error: 'Error: received status code 500',
    })
  })

  it('does not put a test off, and says why', async () => {
    delivery = { ...delivery, isTest: true }
    const outcome = { kind: 'postponed', seconds: 90, reason: 'received status code 429' } as const

    expect(await deliver({ outcome })).toEqual(gone)

    expect(postponed).toEqual([])
    expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({
      state: 'failed',
      error: 'received status code 429',
    })
  })

  it('gives up what was held up until the channel had heard of a later change, and says why', async () => {
    await deliver({ outcome: new Error('throttled') })
    const recovery = aDelivery({
      alert: anAlert({
        flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
      }),
    })
    await deliver({ notice: recovery })
    clock.set(start + 10_000)

    expect(await deliver({ receiveCount: 2 })).toEqual(gone)

    expect(sent).toEqual([recovery])
    expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({ state: 'sent' })
    expect(await claimedByAnother()).toBe('settled')
  })

  it('gives up what is sent again after its dead letter, as a new message, when the channel has heard of a later change', async () => {
    await deliver({ outcome: new Error('throttled'), receiveCount: 22 })
    const recovery = aDelivery({
      alert: anAlert({
        flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
      }),
    })
    await deliver({ notice: recovery })

    expect(await deliver({ receiveCount: 1 })).toEqual(gone)

    expect(sent).toEqual([recovery])
    expect(await failuresOf(delivery)).toEqual([
      'Error: throttled',
      expect.stringMatching(/^superseded: /),
    ])
  })

  it('waits, held up, while its channel is being sent a later change', async () => {
    await deliver({ outcome: new Error('throttled') })
    const recovery = aDelivery({
      alert: anAlert({
        flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
      }),
    })
    const now = clock.now()
    const terms = { claimant: 'another', now, leaseUntil: now + minute, expiresAt: 1 }
    await deliveries.claim(recovery, terms)
    postponed = []

    await deliver({ receiveCount: 2 })
    expect([sent, postponed.map(([, seconds]) => seconds)]).toEqual([[], [60]])

    await deliveries.markSent(recovery, now)
    expect(await deliver({ receiveCount: 3 })).toEqual(gone)
    expect(await failuresOf(delivery)).toEqual([
      'Error: throttled',
      expect.stringMatching(/^not tried: /),
      expect.stringMatching(/^superseded: /),
    ])
  })

  it.each([
    [5 * minute, 2],
    [5 * minute + 1, 1],
  ])('tells a change %i ms after it, having told a later one: %i in all', async (lateMs, told) => {
    await deliver({
      notice: aDelivery({
        alert: anAlert({
          flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
        }),
      }),
    })
    clock.set(deadline + lateMs)

    expect(await deliver()).toEqual(gone)

    expect(sent).toHaveLength(told)
  })

  it('tells a change that comes late when no later one was told', async () => {
    clock.set(deadline + 24 * 60 * minute)
    await deliver()

    expect(sent).toEqual([delivery])
  })

  it('tells what was held up when only another channel has heard of a later change', async () => {
    await deliver({ outcome: new Error('throttled') })
    const alert = anAlert({
      flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
    })
    await deliver({ notice: aDelivery({ alert, channel: aChannel({ id: 'another' }) }) })
    clock.set(start + 10_000)
    await deliver({ receiveCount: 2 })

    expect(sent.map(({ channel }) => channel.id)).toEqual(['another', delivery.channel.id])
  })

  it.each([
    ['tells a change that comes after a later one, but was not held up', 1, 2],
    ['gives up one that was, though an attempt before it did not get as far as the journal', 2, 1],
  ])('%s', async (_, receiveCount, told) => {
    await deliver({
      notice: aDelivery({
        alert: anAlert({
          flip: { count, checkId, at: deadline + minute, status: 'up', from: 'down' },
        }),
      }),
    })

    expect(await deliver({ receiveCount })).toEqual(gone)

    expect(sent).toHaveLength(told)
  })

  it('mails a link by the same way, and only once', async () => {
    const channel = aChannel({ id: `channel-${count}` })
    const request = {
      channel,
      projectName: 'Shop',
      link: 'https://x.test/',
      requestedAt: start,
      expiresAt: start + minute,
    }

    expect([await deliver({ notice: request }), await deliver({ notice: request })]).toEqual([
      gone,
      gone,
    ])

    expect([sent, verified]).toEqual([[], [request]])
    expect(await deliveries.lastOutcome(channel.id)).toMatchObject({
      state: 'sent',
      at: start,
      error: '',
    })
  })

  it('logs what it did, and no address, name or body', async () => {
    const lines = logged()
    delivery = aDelivery({
      alert: anAlert({ flip: { count }, lastBody: { pingNumber: 1, tail: 'the body' } }),
    })

    await deliver({ outcome: new Error('ops@example.com is not verified') })
    await deliver()

    const ids = { check: delivery.alert.flip.checkId, status: 'down', channel: delivery.channel.id }
    expect(lines).toMatchObject([
      { event: 'delivery-attempt-failed', ...ids, attempt: 1, error: 'Error' },
      { event: 'delivered', ...ids },
    ])
    expect(JSON.stringify(lines)).not.toMatch(/@|nightly backup|the body/)
  })

  it('may send twice only when it was stopped between sending and remembering', async () => {
    const markSent = () => Promise.reject(new Error('stopped'))
    const claim = deliveries.claim.bind(deliveries)

    const first = await deliver({ deliveries: { ...settling(), claim, markSent } })
    const beforeTheLeaseEnds = await deliver({ receiveCount: 2 })
    clock.set(start + minute)
    const after = await deliver({ receiveCount: 3 })

    expect([first, beforeTheLeaseEnds, after]).toEqual([kept, kept, gone])
    expect(sent).toHaveLength(2)
  })
})

describe('a webhook that fails', () => {
  const failing = { outcome: new Error('timed out') }
  let notices: readonly Delivery[]
  beforeEach(() => {
    const channel = { ...aWebhook(), id: random.uuid() }
    notices = Array.from({ length: 8 }, (_, index) =>
      aDelivery({ alert: anAlert({ flip: { count, checkId, at: start + index } }), channel }),
    )
  })

  it('is called three times, then once a minute until it answers well; what is not tried comes back later', async () => {
    for (const notice of notices.slice(0, 4)) await deliver({ ...failing, notice })
    expect(await deliver({ notice: notices[4] as Delivery })).toEqual(kept)
    expect(await failuresOf(notices[4] as Delivery)).toEqual([expect.stringContaining('not tried')])
    clock.set(start + minute)
    await deliver({ ...failing, notice: notices[5] as Delivery })
    expect(await deliver({ notice: notices[6] as Delivery, receiveCount: 4 })).toEqual(kept)

    expect(sent).toEqual([])
    expect(postponed.at(-1)).toEqual(['receipt-0', 80])
    expect(await deliveries.lastOutcome(notices[0]?.channel.id ?? '')).toMatchObject({
      state: 'waiting',
      error: 'Error: timed out',
    })
    clock.set(start + 2 * minute)
    for (const notice of notices.slice(4)) await deliver({ notice })
    expect(sent).toEqual(notices.slice(4))
  })

  it('keeps nobody else waiting, and is tested as often as it is called', async () => {
    for (const notice of notices.slice(0, 4)) await deliver({ ...failing, notice })

    await deliver()
    await deliver({ notice: aDelivery({ channel: { ...aWebhook(), id: random.uuid() } }) })
    expect(sent).toHaveLength(2)
    const tests = notices.slice(4, 7).map((notice) => ({ ...notice, isTest: true as const }))
    for (const notice of tests) await deliver({ ...failing, notice })

    expect(await deliver({ notice: tests[1] as Delivery })).toEqual(gone)
    expect(await failuresOf(tests[1] as Delivery)).toEqual([
      expect.stringContaining('tried once a minute'),
    ])
  })
})

/** What the journal shows of a delivery's failed attempts. */
async function failuresOf({ alert: { flip }, channel }: Delivery): Promise<readonly string[]> {
  const Key = marshall({ check: flip.checkId, entry: deliveryEntry(flipKey(flip), channel.id) })
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: engine.names.Journal, Key }),
  )
  return (Item?.['failures']?.L ?? []).map(({ M }) => M?.['error']?.S ?? '')
}

/** The log lines of the test from here on. */
function logged(): readonly unknown[] {
  const lines: unknown[] = []
  const { info, warn } = console
  const keep = (line: unknown) => void lines.push(line)
  Object.assign(console, { info: keep, warn: keep })
  onTestFinished(() => void Object.assign(console, { info, warn }))
  return lines
}

function settling(): Omit<DeliverDeps['deliveries'], 'claim'> {
  return {
    drop: deliveries.drop.bind(deliveries),
    defer: deliveries.defer.bind(deliveries),
    laterThan: deliveries.laterThan.bind(deliveries),
    noteOutcome: deliveries.noteOutcome.bind(deliveries),
    markSent: deliveries.markSent.bind(deliveries),
    markFailed: deliveries.markFailed.bind(deliveries),
    release: deliveries.release.bind(deliveries),
  }
}
