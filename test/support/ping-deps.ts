import type { PingDeps } from '../../lambdas/ping.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { start } from './builders.ts'
import { aPatientClock } from './clock.ts'
import type { TestEngine } from './engine.ts'

/** What takes pings into the tables of a test. No check is made by them, and none waits. */
export function pingDepsOn({ database, names }: TestEngine, bodyLimit: number) {
  return {
    heartbeats: new Heartbeats(database, names.Heartbeats),
    journal: new Journal(database, names.Journal),
    lookups: new Lookups(database, names.Lookups),
    provision: () => Promise.reject(new Error('nothing is to be provisioned')),
    spill: () => Promise.reject(new Error('nothing is to be spilled')),
    clock: aPatientClock(start),
    unknownPings: 'open',
    bodyLimit,
    logDays: 1,
    trustedFront: undefined,
    pingsPerMinute: 60,
  } satisfies PingDeps
}
