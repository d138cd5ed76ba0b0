import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { randomUUID } from 'node:crypto'
import { channelOf } from '../../lambdas/channels/kinds.ts'
import type { AuditEntry } from '../../lambdas/domain/people/audit.ts'
import type { Ping } from '../../lambdas/domain/watching/ping.ts'
import type { FunctionName, Mutation } from './functions.ts'
import { clock } from './host.ts'
import type { Parts } from './parts.ts'
import { but } from '../support/but.ts'

/** A bug put in on purpose, and the invariant that must notice. */
export type SeededBug = {
  readonly name: string
  readonly breaks: string
  readonly mutation: Mutation
}

/** One and more for each invariant, each a mistake that somebody could make. */
export const seededBugs: readonly SeededBug[] = [
  bug('a ping answers 200 before a write that fails', '1', 'ping', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      recordPing: (id: string, ping: Ping) =>
        heartbeats.recordPing(id, ping).catch(() => ({ number: 1 })),
    }),
  })),
  bug('a ping that is tried again is another ping', '1', 'ping', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      recordPing: async (id: string, ping: Ping) => {
        await heartbeats.recordPing(id, ping)
        return heartbeats.recordPing(id, { ...ping, requestId: `${ping.requestId}-again` })
      },
    }),
  })),
  bug('the log forgets what comes in twos', '1', 'record', ({ journal }) => ({
    journal: but(journal, {
      put: (...[entries, ...ends]: Parameters<typeof journal.put>) =>
        journal.put(entries.slice(0, 1), ...ends),
    }),
  })),
  bug('a ping reads before it writes', '2', 'ping', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      recordPing: async (...ping: Parameters<typeof heartbeats.recordPing>) => (
        await heartbeats.read(ping[0]),
        heartbeats.recordPing(...ping)
      ),
    }),
  })),
  bug('a ping asks the registry', '3', 'ping', ({ heartbeats, registry }) => ({
    heartbeats: but(heartbeats, {
      recordPing: async (...ping: Parameters<typeof heartbeats.recordPing>) => (
        await registry.ownerOf(ping[0]),
        heartbeats.recordPing(...ping)
      ),
    }),
  })),
  bug('the sweep flags whatever has become of a heartbeat', '4', 'sweep', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      flagMissed: async (...[judged, miss, now]: Parameters<typeof heartbeats.flagMissed>) =>
        heartbeats.flagMissed((await heartbeats.read(judged.id)) ?? judged, miss, now),
    }),
  })),
  bug('the clock of the sweep is fast', '4', 'sweep', ({ clock: time }) => ({
    clock: { ...time, now: () => time.now() + 60_000 },
  })),
  {
    name: 'relay drops what the queue refuses, and the sweep sends nothing again',
    breaks: '5',
    mutation: {
      parts: ({ flipsQueue }, name) => ({
        ...(name === 'relay'
          ? {
              flipsQueue: but(flipsQueue, {
                send: (flips: readonly object[]) => flipsQueue.send(flips).catch(() => undefined),
              }),
            }
          : {}),
        ...(name === 'sweep'
          ? { flipsQueue: but(flipsQueue, { send: () => Promise.resolve() }) }
          : {}),
      }),
    },
  },
  bug('alert takes what the queue refused for sent', '5', 'alert', ({ outbox }) => ({
    outbox: but(outbox, {
      send: (notices: Parameters<typeof outbox.send>[0]) =>
        outbox.send(notices).catch(() => undefined),
    }),
  })),
  bug('deliver sends without a claim', '5', 'deliver', ({ deliveries }) => ({
    deliveries: but(deliveries, { claim: () => Promise.resolve('claimed' as const) }),
  })),
  bug(
    'deliver gives up at the first refusal',
    '5',
    'deliver',
    ({ outbox }) => ({
      outbox: but(outbox, { postpone: () => Promise.reject(new Error('not mine')) }),
    }),
    (handle) => async (event) => {
      await handle(event).catch(() => undefined)
    },
  ),
  bug('a digest tells of the first flip only', '5', 'deliver', ({ email }) => ({
    email: {
      ...email,
      sendDigest: (...[request, entries]: Parameters<typeof email.sendDigest>) =>
        email.sendDigest(request, entries.slice(0, 1)),
    },
  })),
  bug('a digest to a chat tells of the first flip only', '5', 'deliver', ({ slack }) => ({
    slack: {
      ...slack,
      sendDigest: (...[request, entries]: Parameters<typeof slack.sendDigest>) =>
        slack.sendDigest(request, entries.slice(0, 1)),
    },
  })),
  bug('deliver gives up what is late', '5', 'deliver', ({ deliveries }) => ({
    deliveries: but(deliveries, { laterThan: () => Promise.resolve('sent' as const) }),
  })),
  bug('the log says when it was written', '6', 'record', ({ journal }) => ({
    journal: but(journal, {
      put: (...[entries, ...ends]: Parameters<typeof journal.put>) =>
        journal.put(
          entries.map((entry) =>
            'flip' in entry ? { ...entry, flip: { ...entry.flip, writtenAt: clock.now() } } : entry,
          ),
          ...ends,
        ),
    }),
  })),
  bug('sync does not follow', '7', 'sync', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, { define: () => Promise.resolve('written' as const) }),
  })),
  bug('a reconcile writes everything again', '7', 'sync', ({ lookups }) => ({
    lookups: but(lookups, { isPingKey: () => Promise.resolve(false) }),
  })),
  bug('the API leaves deleted checks to the stream', '8', 'api', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, { bury: () => Promise.resolve() }),
  })),
  bug('the API leaves new checks to the stream', '8', 'api', ({ registry }) => ({
    registry: but(registry, {
      createCheck: (...[check, terms]: Parameters<typeof registry.createCheck>) =>
        registry.createCheck(check, terms),
    }),
  })),
  bug('a key for reading writes', '9', 'api', ({ registry }) => ({
    registry: but(registry, {
      access: async (key: string) => {
        const caller = await registry.access(key)
        return caller && { ...caller, access: 'read-write' as const }
      },
    }),
  })),
  bug('a log counts as a success', 'pings mean what they say', 'ping', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      recordPing: (
        id: string,
        ping: Ping,
        readBodyType: Parameters<typeof heartbeats.recordPing>[2],
      ) =>
        heartbeats.recordPing(
          id,
          ping.signal === 'log' ? { ...ping, signal: 'success' } : ping,
          readBodyType,
        ),
    }),
  })),
  bug('the sweep looks at one segment', 'overdue is down', 'sweep', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      scanStates: (segment: number, segments: number) =>
        heartbeats.scanStates(segment === 0 ? 0 : 1, segments),
    }),
  })),
  bug('a ping is dated a minute early', 'nobody woken for nothing', 'ping', ({ clock: time }) => ({
    clock: {
      now: () => time.now() - 60_000,
      waitUntil: (at, signal) => time.waitUntil(at + 60_000, signal),
    },
  })),
  bug(
    'pings are limited by their number alone',
    'nobody woken for nothing',
    'ping',
    () => ({}),
    limited,
  ),
  bug(
    'whoever makes a check does not look who else does',
    'checks are made once',
    'api',
    ({ registry }) => ({
      registry: but(registry, {
        createCheck: (...[check, { limit }, beside]: Parameters<typeof registry.createCheck>) =>
          registry.createCheck(check, { limit }, beside),
      }),
    }),
  ),
  bug('a digest waits three times as long', 'alerts come in time', 'alert', ({ outbox }) => ({
    outbox: but(outbox, {
      send: (...[messages, delaySeconds = 0]: Parameters<typeof outbox.send>) =>
        outbox.send(messages, 3 * delaySeconds),
    }),
  })),
  bug('the sweep takes each canary for good', 'nobody woken because of us', 'sweep', () => ({
    canary: () => Promise.resolve(true),
  })),
  bug('a hold has hardly an end', '4', 'sweep', ({ longestHoldMs }) => ({
    longestHoldMs: 20 * longestHoldMs,
  })),
  bug(
    'the sweep comes to each deadline three seconds late',
    'overdue is down in time',
    'sweep',
    ({ clock: time }) => ({
      clock: { ...time, waitUntil: (at, signal) => time.waitUntil(at + 3000, signal) },
    }),
  ),
  bug('a log line is written twice', 'log lines cost one write', 'record', ({ journal }) => ({
    journal: but(journal, {
      put: async (...lines: Parameters<typeof journal.put>) => {
        await journal.put(...lines)
        return journal.put(...lines)
      },
    }),
  })),
  bug('the sweep sends again in each run', 'sent again seldom', 'sweep', ({ operations }) => ({
    operations: but(operations, { markResent: () => Promise.resolve() }),
  })),
  bug(
    'the age of a flip counts from its deadline',
    'sent again seldom',
    'sweep',
    ({ heartbeats }) => ({
      heartbeats: but(heartbeats, {
        flagMissed: (...[judged, miss]: Parameters<typeof heartbeats.flagMissed>) =>
          heartbeats.flagMissed(judged, miss, miss.at),
      }),
    }),
  ),
  bug(
    'the sweep takes the deadline for the time when a ping was due',
    'causes stay true',
    'sweep',
    ({ heartbeats }) => ({
      heartbeats: but(heartbeats, {
        flagMissed: (...[judged, { at }, now]: Parameters<typeof heartbeats.flagMissed>) =>
          heartbeats.flagMissed(judged, { at, cause: { kind: 'missed', dueAt: at } }, now),
      }),
    }),
  ),
  bug('the sweep sends nothing again', 'sent again seldom', 'sweep', ({ operations }) => ({
    operations: but(operations, { resentUntil: () => Promise.resolve(Infinity) }),
  })),
  bug(
    'tests of channels wait among the alerts, as many as anybody likes',
    'alerts come in time',
    'api',
    ({ requests, outbox, allowances }) => ({
      requests: but(requests, {
        send: (tests: Parameters<typeof outbox.send>[0]) => outbox.send(tests),
      }),
      allowances: but(allowances, { take: () => Promise.resolve('taken' as const) }),
    }),
  ),
  bug('a check that flaps is told each time', 'flapping is told seldom', 'alert', ({ paces }) => ({
    paces: but(paces, { holds: () => Promise.resolve(false) }),
  })),
  bug(
    'the digest of an hour is put off for twice as long',
    'alerts come in time',
    'deliver',
    ({ outbox }) => ({
      outbox: but(outbox, {
        send: (...[messages, delaySeconds = 0]: Parameters<typeof outbox.send>) =>
          outbox.send(messages, 2 * delaySeconds),
      }),
    }),
  ),
  {
    name: 'recoveries do not wait for an hour, and the outages before them are told after it',
    breaks: 'the last word is true',
    mutation: {
      parts: ({ paces, deliveries }, name) => ({
        ...(name === 'alert'
          ? {
              paces: but(paces, {
                holds: async (...[flip, now]: Parameters<typeof paces.holds>) =>
                  (await paces.holds(flip, now)) && flip.status === 'down',
              }),
            }
          : {}),
        ...(name === 'deliver'
          ? { deliveries: but(deliveries, { laterThan: () => Promise.resolve(undefined) }) }
          : {}),
      }),
    },
  },
  bug(
    'one channel that cannot be read keeps all from being told',
    'alerts come in time',
    'alert',
    ({ joinedRegistry }) => ({
      joinedRegistry: but(joinedRegistry, {
        channelsOf: async (check: Parameters<typeof joinedRegistry.channelsOf>[0]) => {
          const channels = await joinedRegistry.channelsOf(check, refuse)
          return channels.map(channelOf)
        },
      }),
    }),
  ),
  bug(
    'one entry that cannot be read keeps a digest from being sent',
    'alerts come in time',
    'deliver',
    ({ digests }) => ({
      digests: but(digests, {
        waiting: async (...asked: Parameters<typeof digests.waiting>) => {
          const waiting = await digests.waiting(...asked)
          waiting.broken.forEach(refuse)
          return waiting
        },
      }),
    }),
  ),
  bug(
    'one heartbeat that cannot be read ends the comparison',
    'odd items stop nothing',
    'sync',
    ({ heartbeats }) => ({
      heartbeats: but(heartbeats, {
        scan: (segment: number, segments: number) => upToOdd(heartbeats.scan(segment, segments)),
      }),
    }),
  ),
  bug(
    'a webhook that fails is called as often as ever',
    'failing channels rest',
    'deliver',
    ({ circuits }) => ({
      circuits: but(circuits, { admits: () => Promise.resolve('free') }),
    }),
  ),
  bug(
    'the sweep tolerates nothing',
    'tolerated failures flip nothing',
    'sweep',
    ({ heartbeats }) => ({
      heartbeats: but(heartbeats, {
        flagMissed: (
          ...[{ rules: _, ...judged }, ...rest]: Parameters<typeof heartbeats.flagMissed>
        ) => heartbeats.flagMissed(judged, ...rest),
      }),
    }),
  ),
  bug('the sweep knows no windows', 'excused runs are no misses', 'sweep', ({ operations }) => ({
    operations: but(operations, { windows: () => Promise.resolve(undefined) }),
  })),
  bug(
    'alert does not see that a check is snoozed',
    'nobody told while held',
    'alert',
    ({ heartbeats }) => ({
      heartbeats: but(heartbeats, {
        readMany: async (...asked: Parameters<typeof heartbeats.readMany>) => {
          const read = await heartbeats.readMany(...asked)
          return new Map([...read].map(([id, { snoozedUntil: _, ...rest }]) => [id, rest]))
        },
      }),
    }),
  ),
  bug('the sweep does not look again', 'held is told afterwards', 'sweep', ({ heartbeats }) => ({
    heartbeats: but(heartbeats, {
      scanStates: (segment: number, segments: number) =>
        withoutLooks(heartbeats.scanStates(segment, segments)),
    }),
  })),
  bug(
    'alert takes repeats for due at once',
    'repeats come once and in time',
    'alert',
    ({ outages }) => ({
      outages: but(outages, {
        read: async (...asked: Parameters<typeof outages.read>) => {
          const { outage, ...kept } = await outages.read(...asked)
          if (outage?.toldAt === undefined) return { ...kept, outage }
          return { ...kept, outage: { ...outage, toldAt: outage.toldAt - 300_000 } }
        },
      }),
    }),
  ),
  bug('alert forgets whom it has told', 'up goes to those told', 'alert', ({ outages }) => ({
    outages: but(outages, {
      keep: (...[id, kept, { outage, now }]: Parameters<typeof outages.keep>) =>
        outages.keep(id, kept, { outage: { ...outage, told: [] }, now }),
    }),
  })),
  bug('a change of a check is noted where nobody looks', 'changes are noted', 'api', (parts) => ({
    audits: but(parts.audits, {
      write: (entry: AuditEntry) =>
        parts.audits.write(
          entry.action === 'check-changed' ? { ...entry, projectId: 'elsewhere' } : entry,
        ),
    }),
  })),
  bug(
    'the comparison of the mirror ends with its first row',
    'pings see what the source says',
    'mirror',
    ({ source }) => ({
      source: {
        ...source,
        page: async (...asked: Parameters<typeof source.page>) =>
          (await source.page(...asked)).slice(0, 1),
      },
    }),
  ),
  bug(
    'the mirror takes one change a minute',
    'pings see what the source says',
    'mirror',
    ({ source }) => ({ source: { ...source, changes: (after) => source.changes(after, 1) } }),
  ),
  bug('a pause is noted when it is done', 'changes are noted', 'api', ({ audits, heartbeats }) => {
    const later: AuditEntry[] = []
    return {
      audits: but(audits, { put: (entry: AuditEntry) => Promise.resolve(void later.push(entry)) }),
      heartbeats: but(heartbeats, {
        pause: async (...pause: Parameters<typeof heartbeats.pause>) => {
          const paused = await heartbeats.pause(...pause)
          for (const entry of later.splice(0)) await audits.put(entry)
          return paused
        },
      }),
    }
  }),
]

async function* withoutLooks(pages: ReturnType<Parts['heartbeats']['scanStates']>): typeof pages {
  for await (const { heartbeats, broken } of pages)
    yield { heartbeats: heartbeats.map(({ lookAt: _, ...rest }) => rest), broken }
}

/** Its ids are nobody's to repeat: two runs of a seed differ. */
export const chanceOfItsOwn: Mutation = {
  parts: ({ random }, name) =>
    name === 'api' ? { random: { ...random, uuid: () => randomUUID() } } : {},
}

type Wrap = (handle: (event: unknown) => Promise<unknown>) => (event: unknown) => Promise<unknown>

function bug(
  name: string,
  breaks: string,
  of: FunctionName,
  parts: (parts: Parts) => Partial<Parts>,
  wrap: Wrap = (handle) => handle,
): SeededBug {
  return {
    name,
    breaks,
    mutation: {
      parts: (all, functionName) => (functionName === of ? parts(all) : {}),
      handle: (functionName, handle) => (functionName === of ? wrap(handle) : handle),
    },
  }
}

/** Every second ping to a path is too many. */
function limited(
  handle: (event: unknown) => Promise<unknown>,
): (event: unknown) => Promise<unknown> {
  const counts = new Map<string, number>()
  return async (event) => {
    const { rawPath } = event as APIGatewayProxyEventV2
    counts.set(rawPath, (counts.get(rawPath) ?? 0) + 1)
    return (counts.get(rawPath) ?? 0) % 2 === 0
      ? { statusCode: 429, body: 'too many pings' }
      : handle(event)
  }
}

function refuse(item: string): never {
  throw new Error(`${item} can't be read`)
}

/** Pages up to the first in which something can't be read. */
async function* upToOdd(pages: ReturnType<Parts['heartbeats']['scan']>): typeof pages {
  for await (const page of pages) {
    page.broken.forEach(refuse)
    yield page
  }
}
