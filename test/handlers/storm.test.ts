import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AlertDeps, makeAlertHandler } from '../../lambdas/alert.ts'
import type { Attempt } from '../../lambdas/channels/outcome.ts'
import { type DeliverDeps, makeDeliverHandler } from '../../lambdas/deliver.ts'
import type { Delivery, FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import type { Channel } from '../../lambdas/channels/kinds.ts'
import {
  type DigestEntry,
  digestLimit,
  type DigestRequest,
} from '../../lambdas/domain/telling/digest.ts'
import { flipKey } from '../../lambdas/domain/watching/flip.ts'
import { newDrillId } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Bursts } from '../../lambdas/store/telling/bursts.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { DigestDeliveries } from '../../lambdas/store/telling/digest-deliveries.ts'
import { Digests } from '../../lambdas/store/telling/digests.ts'
import { deliveryEntry } from '../../lambdas/store/keys.ts'
import { Paces } from '../../lambdas/store/telling/paces.ts'
import {
  aChannel,
  aDelivery,
  aDigestEntry,
  aDownHeartbeat,
  aFlip,
  anAlert,
  aProject,
  aQueueEvent,
  aWebhook,
  sendersBy,
} from '../support/alerts.ts'
import { aServiceChannel } from '../support/services.ts'
import { aCheck, hour, minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { healthyIntake } from '../support/intake.ts'

type Sent = { readonly message: Delivery | DigestRequest; readonly delaySeconds: number }

const burst = 3
let engine: TestEngine
let journal: {
  paces: Paces
  bursts: Bursts
  digests: Digests
  digestDeliveries: DigestDeliveries
  deliveries: Deliveries
}
let clock: ReturnType<typeof aClock>
let projectId: string
let channels: readonly Channel[]
let queue: Sent[]
let singles: string[]
let digests: (readonly string[])[]
let postponed: number[]
let outcome: Attempt | Error

beforeAll(async () => {
  engine = await makeTables()
  const at = [engine.database, engine.names.Journal] as const
  journal = {
    paces: new Paces(...at),
    bursts: new Bursts(...at),
    digests: new Digests(...at),
    digestDeliveries: new DigestDeliveries(...at),
    deliveries: new Deliveries(...at),
  }
})
afterAll(() => engine.stop())
beforeEach(() => {
  clock = aClock(start)
  projectId = random.uuid()
  channels = [aChannel({ id: random.uuid() })]
  queue = []
  singles = []
  digests = []
  postponed = []
  outcome = { kind: 'sent' }
})

function flips(count: number): readonly FlipMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${projectId}-${index}`
    return { flip: aFlip({ checkId: id, at: start }), heartbeat: aDownHeartbeat({ id }) }
  })
}

/** That the check of a flip came up a minute later. */
function recovery({ flip, heartbeat }: FlipMessage): FlipMessage {
  return {
    flip: {
      ...flip,
      at: flip.at + minute,
      status: 'up',
      from: 'down',
      reason: '',
      downSinceAt: flip.at,
    },
    heartbeat,
  }
}

/** How the delivery of a flip failed each time, in a word. */
async function failuresOf(index: number): Promise<readonly (string | undefined)[]> {
  const { checkId, ...flip } = aFlip({ checkId: `${projectId}-${index}`, at: start })
  const Key = marshall({
    check: checkId,
    entry: deliveryEntry(flipKey(flip), channels[0]?.id ?? ''),
  })
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: engine.names.Journal, Key }),
  )
  return (Item?.['failures']?.L ?? []).map(
    ({ M }) => /superseded|throttled|not tried/.exec(M?.['error']?.S ?? '')?.[0],
  )
}

function alert(messages: readonly FlipMessage[], own: Partial<AlertDeps> = {}) {
  const check = (_: string, id: string) =>
    Promise.resolve(aCheck({ id, projectId, name: nameOf(id) }))
  const registry = {
    ownerOf: () => Promise.resolve(projectId),
    project: () => Promise.resolve(aProject({ id: projectId })),
    check,
    channelsOf: () => Promise.resolve(channels),
    someChecks: unasked,
  }
  const handle = makeAlertHandler({
    registry,
    journal: { pings: () => Promise.resolve([]), body: () => Promise.resolve(undefined) },
    heartbeats: {
      acknowledge: () => Promise.resolve(),
      readMany: unasked,
      scheduleLook: unasked,
    },
    outages: { read: unasked, keep: unasked },
    knownWindows: { concerning: unasked, plannedFor: unasked },
    paces: journal.paces,
    bursts: journal.bursts,
    digests: journal.digests,
    outbox: { send: enqueue },
    park: () => Promise.reject(new Error('all can be read')),
    intake: healthyIntake,
    clock,
    burst,
    apiRoot: 'https://api.example.com',
    pingEndpoint: 'https://ping.example.com/ping',
    ...own,
  })
  return handle(aQueueEvent(messages))
}

function enqueue(some: readonly object[], delaySeconds = 0): Promise<void> {
  queue.push(...some.map((message) => ({ message: message as Sent['message'], delaySeconds })))
  return Promise.resolve()
}

function nameOf(id: string): string {
  return id.slice(projectId.length + 1)
}

/** Hands all messages of the queue to the function, in order; what it keeps stays there. */
async function deliver(own: Partial<DeliverDeps> = {}, receiveCount = 1): Promise<void> {
  const attempt = (take: () => unknown) => {
    if (outcome instanceof Error) return Promise.reject(outcome)
    if (outcome.kind === 'sent') take()
    return Promise.resolve(outcome)
  }
  const send = ({ alert: { flip } }: Delivery) => attempt(() => singles.push(nameOf(flip.checkId)))
  const handle = makeDeliverHandler({
    ...journal,
    addresses: { suppression: () => Promise.resolve(undefined) },
    park: () => Promise.reject(new Error('all can be read')),
    circuits: { admits: () => Promise.resolve('free'), deny: () => Promise.resolve() },
    outbox: {
      send: enqueue,
      postpone: (_, seconds) => Promise.resolve(void postponed.push(seconds)),
    },
    senders: sendersBy(send, (_, entries) =>
      attempt(() => digests.push(entries.map(({ name }) => name).sort())),
    ),
    verifications: { send: () => Promise.reject(new Error('no link was asked for')) },
    personalMails: { send: () => Promise.reject(new Error('nobody signs in')) },
    clock,
    random,
    logDays: 90,
    ...own,
  })
  const kept: Sent[] = []
  for (const sent of queue.splice(0)) {
    const { batchItemFailures } = await handle(aQueueEvent([sent.message], receiveCount))
    if (batchItemFailures.length > 0) kept.push(sent)
  }
  queue = [...kept, ...queue]
}

/** The check goes down and up again, a minute between, so many times in all. */
async function flap(count: number): Promise<void> {
  const [message] = flips(1)
  if (message === undefined) return
  for (let index = 0; index < count; index += 1) {
    const at = clock.now()
    const down = { ...message, flip: { ...message.flip, at, count: index } }
    await alert([
      index % 2 === 0 ? down : { ...recovery(down), flip: { ...recovery(down).flip, at } },
    ])
    clock.set(at + minute)
  }
}

const unasked = () => Promise.reject(new Error('nobody is asked'))

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => (from + index).toString())

describe('a storm of alerts', () => {
  it('tells the first of a minute singly and at once, and all others in one digest within the minute', async () => {
    for (const message of flips(7)) await alert([message])

    expect(queue.map(({ delaySeconds }) => delaySeconds).filter((seconds) => seconds > 0)).toEqual([
      50,
    ])
    await deliver()
    expect([singles, digests]).toEqual([names(0, 3), [names(3, 7)]])
  })

  it('does not gather the alert of a drill', async () => {
    await alert(flips(7))
    queue = []
    const id = newDrillId(projectId)

    await alert([{ flip: aFlip({ checkId: id, at: start }), heartbeat: aDownHeartbeat({ id }) }])

    expect(queue).toMatchObject([
      {
        message: { channel: { id, kind: 'email' }, alert: { flip: { checkId: id } } },
        delaySeconds: 0,
      },
    ])
  })

  it('tells nothing twice, however often flips and messages come', async () => {
    await alert(flips(7))
    await alert(flips(7))
    queue.push(...queue)
    await deliver()
    clock.set(start + 2 * minute)
    await alert(flips(7))
    await deliver()
    clock.set(start + 4 * minute)
    await deliver()

    expect([...singles, ...digests.flat()].sort()).toEqual(names(0, 7))
    expect(queue).toEqual([])
  })

  it('tells a flip once that comes again in a quiet minute, before its digest was sent, and lets it wait no longer', async () => {
    await alert(flips(5))
    const digest = queue.splice(0).filter(({ delaySeconds }) => delaySeconds > 0)
    clock.set(start + minute)
    await alert(flips(5).slice(4))
    await deliver()
    queue = digest
    await deliver()

    expect([singles.length, digests.length]).toEqual([1, 1])
    expect(singles).not.toContain(digests[0]?.[0])
    const left = await journal.digests.waiting(channels[0]?.id ?? '', 'minute', {
      limit: 10,
      now: clock.now(),
    })
    expect(left.entries).toEqual([])
  })

  it('leaves what comes after a digest to the next one', async () => {
    await alert(flips(5))
    await deliver()
    clock.set(start + 50_000)
    await alert(flips(6).slice(5))
    await deliver()

    expect(digests.map(({ length }) => length)).toEqual([2, 1])
  })

  it('asks for another digest when the one ahead may be under way already', async () => {
    for (const message of flips(5)) await alert([message])
    clock.set(start + 46_000)
    await alert(flips(6).slice(5))

    expect(queue.filter(({ delaySeconds }) => delaySeconds > 0)).toHaveLength(2)
  })

  it('lets nothing wait when the digest could not be asked for, and asks for it when the alert comes again', async () => {
    await alert(flips(3))
    const failing = {
      send: (some: readonly object[], delay = 0) =>
        delay > 0 ? Promise.reject(new Error('throttled')) : enqueue(some),
    }

    const answer = await alert(flips(4).slice(3), { outbox: failing })

    expect(answer.batchItemFailures).toHaveLength(1)
    expect(
      (await journal.digests.waiting(channels[0]?.id ?? '', 'minute', { limit: 10, now: start }))
        .entries,
    ).toEqual([])
    await alert(flips(4).slice(3))
    await deliver()
    expect(digests).toEqual([['3']])
  })

  it('asks for another digest when a flip was long in being written', async () => {
    await alert(flips(4))
    const slow = Object.assign(Object.create(journal.digests) as Digests, {
      dueAt: (...asked: Parameters<Digests['dueAt']>) => journal.digests.dueAt(...asked),
      markDue: (...due: Parameters<Digests['markDue']>) => journal.digests.markDue(...due),
      add: async (channelId: string, entry: DigestEntry) => {
        await journal.digests.add(channelId, entry)
        clock.set(start + 46_000)
      },
    })

    await alert(flips(5).slice(4), { digests: slow })

    expect(queue.filter(({ delaySeconds }) => delaySeconds > 0)).toHaveLength(2)
  })

  it('lets no recovery overtake the outage that waits for a digest', async () => {
    await alert(flips(5))
    clock.set(start + 40_000)
    projectId = random.uuid()
    const [message] = flips(1)
    const flip = aFlip({
      checkId: `${projectId}-0`,
      at: start + 40_000,
      status: 'up',
      from: 'down',
      downSinceAt: start,
    })
    if (message !== undefined) await alert([{ ...message, flip }])
    await deliver()

    expect([singles.length, digests]).toEqual([3, [expect.arrayContaining(['0'])]])
    expect(digests[0]).toHaveLength(3)
  })

  it('tells no outage whose end was told while its digest could not be sent', async () => {
    for (const message of flips(5)) await alert([message])
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    outcome = new Error('throttled')
    await deliver()
    outcome = { kind: 'sent' }
    clock.set(start + 10 * minute)
    await alert(flips(4).slice(3).map(recovery))
    queue.reverse()
    await deliver({}, 2)

    expect([singles, digests]).toEqual([['3'], [['4']]])
    expect(await failuresOf(3)).toEqual(['throttled', 'superseded'])
    expect(
      (await journal.digests.waiting(channels[0]?.id ?? '', 'minute', { limit: 10, now: start }))
        .entries,
    ).toEqual([])
  })

  it('leaves out an outage while its end is being sent, and looks again soon', async () => {
    for (const message of flips(5)) await alert([message])
    const digest = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    const [end] = flips(4).slice(3).map(recovery)
    const flip = end?.flip ?? aFlip()
    const sending = aDelivery({ alert: anAlert({ flip }), channel: channels[0] ?? aChannel() })
    const now = clock.now()
    const terms = { claimant: 'another', now, leaseUntil: now + minute, expiresAt: 2_000_000_000 }
    await journal.deliveries.claim(sending, terms)

    queue = digest
    await deliver()
    expect([digests, queue.map(({ delaySeconds }) => delaySeconds)]).toEqual([[['4']], [5]])

    await journal.deliveries.markSent(sending, now)
    await deliver()
    expect([digests, queue]).toEqual([[['4']], []])
    expect(await failuresOf(3)).toEqual(['not tried', 'superseded'])
  })

  it('sends no digest when the end of all its outages was told', async () => {
    for (const message of flips(4)) await alert([message])
    const digest = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    queue = []
    clock.set(start + minute)
    await alert(flips(4).slice(3).map(recovery))
    await deliver()
    queue = digest
    await deliver()

    expect([singles, digests, queue]).toEqual([['3'], [], []])
  })

  it('asks anew for what is left when a digest is full, so that its attempts are not used up', async () => {
    const request: DigestRequest = {
      digest: true,
      channel: aChannel({ id: random.uuid() }),
      projectId,
      projectName: 'Shop',
    }
    const left = [digestLimit, digestLimit, 1]
    const full = {
      takeTurn: journal.digests.takeTurn.bind(journal.digests),
      endTurn: journal.digests.endTurn.bind(journal.digests),
      waiting: () => {
        const entries = Array.from({ length: left.shift() ?? 0 }, () => aDigestEntry())
        return Promise.resolve({ entries, broken: [], isFull: entries.length === digestLimit })
      },
    }
    const told = {
      claim: (_: string, entries: readonly DigestEntry[]) =>
        Promise.resolve({ claimed: [], settled: entries, leased: [] }),
      forget: () => Promise.resolve(),
      settle: () => Promise.resolve(),
      release: () => Promise.resolve(),
    }
    queue = [{ message: request, delaySeconds: 0 }]
    await deliver({ digests: full, digestDeliveries: told })
    expect(queue).toEqual([{ message: request, delaySeconds: 0 }])
    await deliver({ digests: full, digestDeliveries: told })
    expect(queue).toEqual([{ message: request, delaySeconds: 0 }])
    await deliver({ digests: full, digestDeliveries: told })

    expect([queue, postponed]).toEqual([[], []])
  })

  it('tells programs each flip by itself, and asks nothing of the journal where nobody gets mail', async () => {
    channels = [{ ...aWebhook(), id: random.uuid() }]
    const spent = journal.bursts.admits.bind(journal.bursts)
    let asked = 0
    journal.bursts.admits = (...terms) => (asked++, spent(...terms))

    await alert(flips(5))
    await deliver()

    expect([singles.length, digests, asked]).toEqual([5, [], 0])
  })

  it('tells a chat in a digest, as it tells people by mail', async () => {
    channels = [{ ...aServiceChannel('slack'), id: random.uuid() }]

    await alert(flips(7))
    await deliver()

    expect([singles.length, digests.map(({ length }) => length)]).toEqual([3, [4]])
  })

  it('sends a digest no sooner than its chat asks, and says so on the channel', async () => {
    channels = [{ ...aServiceChannel('slack'), id: random.uuid() }]
    for (const message of flips(5)) await alert([message])
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    outcome = { kind: 'postponed', seconds: 90, reason: 'received status code 429' }

    await deliver()

    expect(postponed).toEqual([90])
    expect(await journal.deliveries.lastOutcome(channels[0]?.id ?? '')).toMatchObject({
      state: 'waiting',
      error: 'received status code 429',
    })
    outcome = { kind: 'sent' }
    await deliver({}, 2)
    expect(digests.map(({ length }) => length)).toEqual([2])
  })

  it('neither calls a chat for a digest while it fails again and again, nor looks at what waits', async () => {
    channels = [{ ...aServiceChannel('slack'), id: random.uuid() }]
    for (const message of flips(5)) await alert([message])
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    const turns = {
      takeTurn: journal.digests.takeTurn.bind(journal.digests),
      endTurn: journal.digests.endTurn.bind(journal.digests),
    }
    const paused = { admits: () => Promise.resolve('paused' as const), deny: unasked }

    await deliver({ circuits: paused, digests: { ...turns, waiting: unasked } })

    expect([postponed, digests]).toEqual([[10], []])
    expect(await failuresOf(burst)).toEqual([])
    expect(await journal.deliveries.lastOutcome(channels[0]?.id ?? '')).toBeUndefined()
    await deliver({}, 2)
    expect(digests.map(({ length }) => length)).toEqual([2])
  })

  it('gives up the digest of a chat whose credentials were refused, and says so on the channel', async () => {
    channels = [{ ...aServiceChannel('slack'), id: random.uuid() }]
    for (const message of flips(5)) await alert([message])
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    const denial = { version: 1, at: start, reason: 'received status code 401' }
    const denied = { admits: () => Promise.resolve(denial), deny: unasked }

    await deliver({ circuits: denied })

    expect([queue, digests]).toEqual([[], []])
    expect(await journal.deliveries.lastOutcome(channels[0]?.id ?? '')).toMatchObject({
      state: 'failed',
      error: 'received status code 401',
    })
    const terms = { limit: 10, now: start }
    expect(await journal.digests.waiting(channels[0]?.id ?? '', 'minute', terms)).toMatchObject({
      entries: [],
    })
  })

  it('keeps all flips of a digest that could not be sent, tries it again with growing delays, and tells what came meanwhile with it', async () => {
    for (const message of flips(5)) await alert([message])
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    outcome = new Error('throttled')
    await deliver({}, 3)
    expect(postponed).toEqual([40])
    outcome = { kind: 'sent' }
    await alert(flips(6).slice(5))
    await deliver({}, 4)

    expect(digests.map(({ length }) => length)).toEqual([3])
    expect(await journal.deliveries.lastOutcome(channels[0]?.id ?? '')).toMatchObject({
      state: 'sent',
    })
  })

  it('waits for a digest that another sends, when it comes again until the lease of that is over', async () => {
    await alert(flips(burst + 1))
    const [channel] = channels
    const lease = { claimant: 'another', now: start, leaseUntil: start + 45_000, expiresAt: start }
    await journal.digests.takeTurn(channel?.id ?? '', lease)
    queue = queue.slice(-1)

    await deliver()
    await deliver({}, 2)

    expect([postponed, digests]).toEqual([[5, 45], []])
  })

  it('tells in a digest all that can be read, and goes on failing for what cannot', async () => {
    const [channel] = channels
    await alert(flips(burst + 2))
    const odd = {
      check: `digest#${channel?.id}`,
      entry: 'waiting#0#odd',
      details: { flip: 'odd' },
      expiresAt: start,
    }
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Journal, Item: marshall(odd) }),
    )

    await deliver()

    expect(digests.map((names) => names.length)).toEqual([2])
    expect(new Set(postponed)).toEqual(new Set([10]))
  })

  it('gives a digest up whose address is malformed, and says so on the channel', async () => {
    await alert(flips(5))
    outcome = { kind: 'refused', reason: 'Domain starts with dot' }
    await deliver()
    outcome = { kind: 'sent' }
    await alert(flips(5))
    await deliver()

    expect([singles, digests]).toEqual([[], []])
    expect(await journal.deliveries.lastOutcome(channels[0]?.id ?? '')).toMatchObject({
      state: 'failed',
      error: 'Domain starts with dot',
    })
  })

  it('may tell a digest twice only when it was stopped between sending and remembering', async () => {
    await alert(flips(5))
    queue = queue.filter(({ delaySeconds }) => delaySeconds > 0)
    const { digestDeliveries } = journal
    const stopped = {
      claim: digestDeliveries.claim.bind(digestDeliveries),
      forget: digestDeliveries.forget.bind(digestDeliveries),
      release: digestDeliveries.release.bind(digestDeliveries),
      settle: () => Promise.reject(new Error('stopped')),
    }
    await deliver({ digestDeliveries: stopped })
    await deliver()
    expect(digests).toHaveLength(1)
    clock.set(start + minute)
    await deliver()

    expect(digests.map(({ length }) => length)).toEqual([2, 2])
    expect(queue).toEqual([])
  })
})

describe('a check that flaps', () => {
  it('is told at once of three outages, and of all others once an hour, by a request that is put off until then', async () => {
    await flap(16)
    const delays: number[] = queue
      .filter(({ delaySeconds }) => delaySeconds > 0)
      .map(({ delaySeconds }) => delaySeconds)
    await deliver()
    for (
      let at = start + 15 * minute;
      digests.length === 0 && at < start + 2 * hour;
      at = clock.now() + (delays.at(-1) ?? 0) * 1000
    ) {
      clock.set(at)
      await deliver()
      delays.push(...queue.map(({ delaySeconds }) => delaySeconds))
    }

    expect([singles.length, digests.map(({ length }) => length)]).toEqual([6, [10]])
    expect(clock.now() - (start + 6 * minute)).toBeGreaterThan(hour - minute)
    expect(clock.now() - (start + 6 * minute)).toBeLessThan(hour)
    expect(delays.every((seconds) => seconds <= 900)).toBe(true)
    expect([queue, postponed]).toEqual([[], []])
  })

  it('leaves the burst of its project to others, whose digest of the minute does not wait for it', async () => {
    await flap(7)
    clock.set(start + 10 * minute)
    for (const message of flips(6).slice(1)) await alert([message])
    await deliver()

    expect([singles.length, digests]).toEqual([6 + burst, [names(burst + 1, 6)]])
  })

  it.each([
    [5, 1, []],
    [6, 0, [6]],
  ])(
    'is told in a digest that seems to be due in %i seconds, for clocks differ: %i',
    async (seconds, told, putOff) => {
      await flap(8)
      const requests = queue.flatMap(({ message }) => ('digest' in message ? [message] : []))
      queue = requests.map((request) => ({
        message: { ...request, dueAt: clock.now() + seconds * 1000 },
        delaySeconds: 0,
      }))

      await deliver()

      expect(digests).toHaveLength(told)
      expect(queue.map(({ delaySeconds }) => delaySeconds)).toEqual(putOff)
    },
  )

  it('asks once an hour for the digest of its channel, and again when that was sent', async () => {
    await flap(20)
    const asked = () => queue.filter(({ delaySeconds }) => delaySeconds > 60).length
    const first = asked()
    clock.set(start + 70 * minute)
    await flap(10)

    expect([first, asked()]).toEqual([1, 2])
  })

  it('tells programs each change', async () => {
    channels = [
      {
        id: random.uuid(),
        kind: 'sns',
        name: '',
        version: 1,
        createdAt: start,
        topicArn: 'arn:aws:sns:us-east-1:1:alerts',
      },
    ]
    await flap(20)
    await deliver()

    expect(singles).toHaveLength(20)
  })

  it('tells nothing twice when its alerts come again', async () => {
    await flap(8)
    clock.set(start)
    await flap(8)
    clock.set(start + 2 * hour)
    await deliver()

    expect([singles.length, digests.map(({ length }) => length)]).toEqual([6, [2]])
  })
})
