import { host, type Running, running } from './host.ts'
import { makeAlertHandler } from '../../lambdas/alert.ts'
import { makeApiHandler } from '../../lambdas/api.ts'
import { makeDeliverHandler } from '../../lambdas/deliver.ts'
import type { Alias } from '../../lambdas/domain/watching/lookup.ts'
import { parseProvisioned, type Provisioned } from '../../lambdas/domain/watching/provisioning.ts'
import { makeMirrorHandler } from '../../lambdas/mirror.ts'
import { makePingHandler } from '../../lambdas/ping.ts'
import { makeProvisionHandler } from '../../lambdas/provision.ts'
import { makeRecordHandler } from '../../lambdas/record.ts'
import { makeRelayHandler } from '../../lambdas/relay.ts'
import { makeReplayHandler } from '../../lambdas/replay.ts'
import { log } from '../../lambdas/runtime/log.ts'
import { makeSweepHandler } from '../../lambdas/sweep.ts'
import type { LeewayDeps } from '../../lambdas/store/holding.ts'
import { KnownIntake } from '../../lambdas/store/watching/known-intake.ts'
import { KnownWindows } from '../../lambdas/store/watching/known-windows.ts'
import { makeSyncHandler } from '../../lambdas/sync.ts'
import { IntakeWatch } from '../../lambdas/sweep/intake-watch.ts'
import { sendersBy } from '../support/alerts.ts'
import { healthyIntake } from '../support/intake.ts'
import type { Parts } from './parts.ts'
import type { Settings } from './settings.ts'

/** A function: how it is made of its parts, and how long an invocation may take. */
type FunctionShape = {
  readonly timeoutSeconds: number
  make(parts: Parts & Settings): (event: never) => Promise<unknown>
}

const pingEndpoint = 'https://ping.example.com/ping'
const logDays = 90

/**
 * The deployed functions, as `lib` sets them up. To simulate a further one is an entry here, and
 * its trigger in wiring.ts.
 */
export const functions = {
  ping: {
    timeoutSeconds: 15,
    make: ({ heartbeats, journal, lookups, clock, spillQueue, pingsPerMinute }) =>
      makePingHandler({
        heartbeats,
        journal,
        lookups,
        provision: (alias) => callProvision(alias),
        spill: (spilled) => spillQueue.send([spilled]),
        pingsPerMinute,
        clock,
        unknownPings: 'open',
        bodyLimit: 10_000,
        logDays,
        trustedFront: undefined,
      }),
  },
  provision: { timeoutSeconds: 12, make: (parts) => makeProvisionHandler(parts) },
  replay: {
    timeoutSeconds: 60,
    make: ({ spillQueue: queue, ...parts }) =>
      makeReplayHandler({ ...parts, queue, provision: (alias) => callProvision(alias), logDays }),
  },
  mirror: {
    timeoutSeconds: 900,
    make: (parts) =>
      makeMirrorHandler({ ...parts, log, openSource: () => Promise.resolve(parts.source) }),
  },
  sync: { timeoutSeconds: 900, make: (parts) => makeSyncHandler(parts) },
  sweep: {
    timeoutSeconds: 240,
    make: ({ flipsQueue: flips, ...parts }) =>
      makeSweepHandler({
        ...parts,
        flips,
        intake: watchOf(parts),
        watchConcurrency: told,
        pingWatcher: told,
      }),
  },
  record: {
    timeoutSeconds: 60,
    make: (parts) => makeRecordHandler({ ...parts, logDays, historyDays: 400 }),
  },
  relay: { timeoutSeconds: 30, make: ({ flipsQueue: flips }) => makeRelayHandler({ flips }) },
  alert: {
    timeoutSeconds: 20,
    make: ({ alertBurst: burst, joinedRegistry: registry, ...parts }) =>
      makeAlertHandler({
        ...parts,
        registry,
        intake: knowledgeOf(parts),
        knownWindows: knownWindowsOf(parts),
        burst,
        apiRoot: 'https://api.example.com',
        pingEndpoint,
      }),
  },
  deliver: {
    timeoutSeconds: 30,
    make: ({ email, webhook, slack, ...parts }) =>
      makeDeliverHandler({
        ...parts,
        senders: { ...sendersBy(unplayed), email, webhook, slack },
        logDays,
      }),
  },
  api: {
    timeoutSeconds: 30,
    make: ({ requests, ...parts }) =>
      makeApiHandler({
        ...parts,
        intake: knowledgeOf(parts),
        knownWindows: knownWindowsOf(parts),
        notices: requests,
        log,
        pingEndpoint,
        topicArns: [],
        busArns: [],
        trustedFront: undefined,
      }),
  },
} satisfies Record<string, FunctionShape>

function knownWindowsOf({ operations }: Pick<Parts, 'operations'>): LeewayDeps['knownWindows'] {
  const known = ofEachProcess(() => new KnownWindows(operations))
  return {
    concerning: (heartbeat, now) => known().concerning(heartbeat, now),
    plannedFor: (heartbeat, now) => known().plannedFor(heartbeat, now),
  }
}

type Watching = Pick<
  Parts & Settings,
  'operations' | 'canary' | 'otherSignal' | 'clock' | 'random' | 'longestHoldMs' | 'watchesIntake'
>

function watchOf(parts: Watching): Parameters<typeof makeSweepHandler>[0]['intake'] {
  if (!parts.watchesIntake) return healthyIntake
  const watch = ofEachProcess(() => new IntakeWatch(parts))
  return {
    observe: () => watch().observe(),
    impairmentUpTo: (deadline) => watch().impairmentUpTo(deadline),
  }
}

function knowledgeOf({ operations, watchesIntake }: Watching): Pick<KnownIntake, 'impairmentAt'> {
  if (!watchesIntake) return healthyIntake
  const known = ofEachProcess(() => new KnownIntake(operations))
  return { impairmentAt: (now) => known().impairmentAt(now) }
}

/**
 * What invocations share only one after another: here they run side by side, and one must not wait
 * for what another asked for.
 */
function ofEachProcess<T>(make: () => T): () => T {
  const made = new WeakMap<Running, T>()
  return () => {
    const process = running()
    const known = made.get(process) ?? make()
    made.set(process, known)
    return known
  }
}

export type FunctionName = keyof typeof functions

export type Handler = {
  readonly timeoutSeconds: number
  readonly handle: (event: unknown) => Promise<unknown>
}
export type Handlers = Readonly<Record<FunctionName, Handler>>

/** What a test breaks on purpose: the parts that a function gets, or the function itself. */
export type Mutation = {
  parts?(parts: Parts, name: FunctionName): Partial<Parts>
  handle?(name: FunctionName, handle: Handler['handle']): Handler['handle']
}

/** All handlers, as one instance of each has them: what an instance remembers is of one run. */
export function makeHandlers(parts: Parts, settings: Settings, mutation: Mutation = {}): Handlers {
  const made = Object.entries(functions).map(([key, { timeoutSeconds, make }]) => {
    const name = key as FunctionName
    const handle = make({
      ...parts,
      ...settings,
      ...mutation.parts?.(parts, name),
    }) as Handler['handle']
    return [name, { timeoutSeconds, handle: mutation.handle?.(name, handle) ?? handle }] as const
  })
  return Object.fromEntries(made) as Handlers
}

/** The function that a ping calls is another invocation, which the platform starts. */
async function callProvision(alias: Alias): Promise<Provisioned> {
  if (host.running === undefined) throw new Error('a function is called outside of all processes')
  return parseProvisioned(
    await host.running.call({ service: 'lambda', operation: 'Invoke', input: alias }),
  )
}

/** What is told outside of the deployment is nobody's here. */
const told = () => Promise.resolve()

function unplayed(): Promise<never> {
  return Promise.reject(new Error('the simulation has channels of e-mail, webhooks and Slack only'))
}
