import type { Definition } from '../domain/watching/definition.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'

export type CanaryDeps = {
  readonly heartbeats: Pick<Heartbeats, 'readMany' | 'define'>
  readonly fetch: typeof fetch
  readonly clock: Pick<Clock, 'now'>
  /** Where jobs ping, without a slash at its end. */
  readonly pingEndpoint: string
}

const TIMEOUT_MS = 3000
/** How far the clocks of two functions may lie apart. */
const CLOCK_SKEW_MS = 2000

/** The canary is never overdue, so its schedule means nothing. */
const definition: Definition = {
  version: 1,
  schedule: { kind: 'simple', periodSeconds: 60 },
  timeZone: 'UTC',
  graceSeconds: 60,
  methods: '',
  manualResume: false,
  hasBodyRules: false,
}

/**
 * Pings the canary through the public endpoint, as jobs ping their checks. Answers with whether the
 * ping arrived. A missing canary is made first.
 */
export async function sendCanary(deps: CanaryDeps, id: string): Promise<boolean> {
  const sentAt = deps.clock.now()
  await ping(deps, id)
  let lastPingAt = await lastPingAtOf(deps, id)
  // The canary has had no ping: it may not have existed, even if another run has made it since.
  if (lastPingAt === undefined) {
    await deps.heartbeats.define(id, definition)
    await ping(deps, id)
    lastPingAt = await lastPingAtOf(deps, id)
  }
  return lastPingAt !== undefined && lastPingAt >= sentAt - CLOCK_SKEW_MS
}

async function lastPingAtOf({ heartbeats }: CanaryDeps, id: string): Promise<number | undefined> {
  return (await heartbeats.readMany([id])).get(id)?.lastPingAt
}

/** Sends the ping and ignores the answer: only an arrival counts. */
async function ping({ fetch, pingEndpoint }: CanaryDeps, id: string): Promise<void> {
  try {
    const headers = { 'user-agent': 'overdue-canary' }
    const answer = await fetch(`${pingEndpoint}/${id}`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.arrayBuffer()
  } catch {
    // A failure shows by itself: nothing arrives.
  }
}
