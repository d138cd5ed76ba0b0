import type { HeartbeatState } from '../domain/watching/heartbeat.ts'
import type { Clock } from '../runtime/clock.ts'
import { nameOf, warn } from '../runtime/log.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Operations } from '../store/watching/operations.ts'
import type { Queue } from '../runtime/queue.ts'
import type { IntakeWatch } from './intake-watch.ts'
import type { PlannedTimes } from './planned-times.ts'

export type SweepDeps = {
  readonly heartbeats: Pick<Heartbeats, 'scanStates' | 'readMany' | 'flagMissed'>
  readonly operations: Pick<Operations, 'markSweep' | 'resentUntil' | 'markResent' | 'windows'>
  readonly flips: Pick<Queue, 'send' | 'depth'>
  /** Whether pings can be taken. */
  readonly intake: Pick<IntakeWatch, 'observe' | 'impairmentUpTo'>
  /** Checks once a day whether the account can run enough functions; must not fail. */
  readonly watchConcurrency: (runAt: number) => Promise<void>
  /** Pings whoever watches the sweep after a run that went well; must not fail. */
  readonly pingWatcher: () => Promise<void>
  readonly clock: Clock
}

/** One run of the sweep, and what it has found so far. */
export type Run = {
  readonly deps: SweepDeps
  readonly startedAt: number
  /** The run waits for deadlines up to here. */
  readonly horizon: number
  readonly done: Done
  /** When it will judge which heartbeats, by their ids. */
  readonly appointments: Map<number, string[]>
  readonly untold: Untold[]
  readonly plannedFor: PlannedTimes
}

/** Counts for the log. */
export type Done = {
  heartbeats: number
  withoutState: number
  flagged: number
  noted: number
  resent: number
  givenUp: number
  failed: number
}

/**
 * A heartbeat whose last flip `alert` has not acknowledged since that instant, or whose outage it
 * is to look at since then.
 */
export type Untold = {
  readonly kind: 'flip' | 'look'
  readonly id: string
  readonly since: number
}

/** One bad heartbeat must not keep the others from being judged. */
export function fail(run: Run, check: string, error: string): void {
  run.done.failed += 1
  warn('sweep-failed', { check, error })
}

/**
 * What a function says of a heartbeat. Undefined when its schedule can't be evaluated: it fails.
 */
export function evaluate<Of extends HeartbeatState, T>(
  run: Run,
  heartbeat: Of,
  evaluation: (heartbeat: Of) => T,
): T | undefined {
  try {
    return evaluation(heartbeat)
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
    return undefined
  }
}
