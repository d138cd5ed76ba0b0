import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Outcome } from '../../lambdas/channels/channel.ts'
import { type DeliverDeps, makeDeliverHandler } from '../../lambdas/deliver.ts'
import type { Delivery } from '../../lambdas/domain/alert.ts'
import type { Notice, VerificationRequest } from '../../lambdas/domain/notice.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Deliveries } from '../../lambdas/store/deliveries.ts'
import { DigestDeliveries } from '../../lambdas/store/digest-deliveries.ts'
import { Digests } from '../../lambdas/store/digests.ts'
import { aChannel, aDelivery, anAlert, aQueueEvent } from '../support/alerts.ts'
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

beforeAll(async () => {
  engine = await makeTables()
  deliveries = new Deliveries(engine.client, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(() => {
  count += 1
  clock = aClock(start)
  sent = []
  verified = []
  postponed = []
  delivery = aDelivery({ alert: anAlert({ flip: { count } }) })
})

/** Hands the delivery to the function, whose channel answers as told. */
function deliver(own: Partial<DeliverDeps> & { outcome?: Outcome | Error; receiveCount?: number; notice?: Notice } = {}) {
  const { outcome = { kind: 'sent' }, receiveCount = 1, notice = delivery, ...deps } = own
  const send = (taken: Delivery) => {
    if (outcome instanceof Error) return Promise.reject(outcome)
    sent.push(taken)
    return Promise.resolve(outcome)
  }
  const verifications = { send: (taken: VerificationRequest) => Promise.resolve((verified.push(taken), outcome as Outcome)) }
  const queue = { postpone: (...call: [string, number]) => Promise.resolve(void postponed.push(call)) }
  const handle = makeDeliverHandler({
    deliveries,
    queue,
    senders: { email: { send }, webhook: { send }, sns: { send }, eventbridge: { send } },
    verifications,
    digests: new Digests(engine.client, engine.names.Journal),
    digestDeliveries: new DigestDeliveries(engine.client, engine.names.Journal),
    digestSender: { send: () => Promise.reject(new Error('no digest was asked for')) },
    clock,
    random,
    logDays: 90,
    ...deps,
  })
  return handle(aQueueEvent([notice], receiveCount))
}

describe('deliver', () => {
  it('sends a delivery', async () => {
    expect(await deliver()).toEqual(gone)

    expect(sent).toEqual([delivery])
  })

  it('sends a redelivered message only once', async () => {
    await deliver()
    clock.set(start + 60 * minute)

    expect(await deliver()).toEqual(gone)

    expect(sent).toHaveLength(1)
  })

  it('leaves alone what another is sending, and comes back when the lease has ended', async () => {
    await deliveries.claim(delivery, { claimant: 'another', now: start, leaseUntil: start + 59_500, expiresAt: 2_000_000_000 })

    expect(await deliver()).toEqual(kept)

    expect(sent).toEqual([])
    expect(postponed).toEqual([['receipt-0', 60]])
  })

  it('takes over from a sender that is gone', async () => {
    await deliveries.claim(delivery, { claimant: 'another', now: start, leaseUntil: start + minute, expiresAt: 2_000_000_000 })
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
    expect(await deliveries.claim(delivery, { claimant: 'another', now: start, leaseUntil: start, expiresAt: 1 })).toBe('settled')
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

    expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({ state: 'failed', error: 'Error: received status code 500' })
  })

  it('mails a link by the same way, and only once', async () => {
    const channel = aChannel({ id: `channel-${count}` })
    const request = { channel, projectName: 'Shop', link: 'https://x.test/', requestedAt: start, expiresAt: start + minute }

    expect([await deliver({ notice: request }), await deliver({ notice: request })]).toEqual([gone, gone])

    expect([sent, verified]).toEqual([[], [request]])
    expect(await deliveries.lastOutcome(channel.id)).toMatchObject({ state: 'sent', at: start, error: '' })
  })

  it('logs what it did, and no address, name or body', async () => {
    const lines = logged()
    delivery = aDelivery({ alert: anAlert({ flip: { count }, lastBody: { pingNumber: 1, tail: 'the body' } }) })

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

/** The log lines of the test from here on. */
function logged(): readonly unknown[] {
  const lines: unknown[] = []
  const { info, warn } = console
  const keep = (line: unknown) => void lines.push(line)
  Object.assign(console, { info: keep, warn: keep })
  onTestFinished(() => void Object.assign(console, { info, warn }))
  return lines
}

function settling(): Pick<Deliveries, 'markSent' | 'markFailed' | 'release' | 'noteOutcome'> {
  return {
    noteOutcome: deliveries.noteOutcome.bind(deliveries),
    markSent: deliveries.markSent.bind(deliveries),
    markFailed: deliveries.markFailed.bind(deliveries),
    release: deliveries.release.bind(deliveries),
  }
}
