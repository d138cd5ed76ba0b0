import type { HeartbeatState } from '../domain/watching/heartbeat.ts'
import type { Clock } from '../runtime/clock.ts'
import { nameOf, warn } from '../runtime/log.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Operations } from '../store/watching/operations.ts'
import type { Queue } from '../store/queue.ts'
import type { IntakeWatch } from './intake-watch.ts'

export type SweepDeps = {
  readonly heartbeats: Pick<Heartbeats, 'scanStates' | 'readMany' | 'flagMissed'>
  readonly operations: Pick<Operations, 'markSweep' | 'resentUntil' | 'markResent'>
  readonly flips: Pick<Queue, 'send' | 'depth'>
  /** Whether pings can be taken. */
  readonly intake: Pick<IntakeWatch, 'observe' | 'impairmentSince'>
  /** Looks once a day whether the account can run enough functions; must not fail. */
  readonly watchConcurrency: (runAt: number) => Promise<void>
  /** Pings whoever watches the sweep after a run that went well; must not fail. */
  readonly pingWatcher: () => Promise<void>
  readonly clock: Clock
}

/**
 * One run of the sweep: where it looks, what it has done so far, which heartbeats it will look at
 * again, by the instant, and whose flips nobody has taken, and since when.
 */
export type Run = {
  readonly deps: SweepDeps
  readonly startedAt: number
  readonly horizon: number
  readonly done: Done
  readonly appointments: Map<number, string[]>
  readonly untold: Untold[]
}
export type Done = {
  heartbeats: number
  withoutState: number
  flagged: number
  resent: number
  givenUp: number
  failed: number
}
export type Untold = { readonly id: string; readonly since: number }

/** One bad heartbeat must not keep the others from being judged. */
export function fail(run: Run, check: string, error: string): void {
  run.done.failed += 1
  warn('sweep-failed', { check, error })
}

/** A judgement on a heartbeat; undefined when its schedule is none that can be evaluated. */
export function judged<Of extends HeartbeatState, T>(
  run: Run,
  heartbeat: Of,
  judgement: (heartbeat: Of) => T,
): T | undefined {
  try {
    return judgement(heartbeat)
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
    return undefined
  }
}
