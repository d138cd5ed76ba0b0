import {
  afterObservation,
  countsAt,
  impairmentAt,
  type Intake,
  noIntake,
  signalWantedSince,
} from '../domain/watching/intake.ts'
import type { Impairment } from '../domain/watching/impairment.ts'
import { newCanaryId } from '../domain/watching/own-heartbeats.ts'
import type { Clock } from '../runtime/clock.ts'
import { log, nameOf, warn } from '../runtime/log.ts'
import type { Random } from '../runtime/random.ts'
import type { IntakeRecord, Operations } from '../store/watching/operations.ts'
import type { OtherSignal } from './signals.ts'

export type IntakeWatchDeps = {
  readonly operations: Pick<Operations, 'intake' | 'putIntake'>
  /** Whether a ping through the public endpoint arrives. */
  readonly canary: (id: string) => Promise<boolean>
  readonly otherSignal: OtherSignal
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'uuid'>
  readonly longestHoldMs: number
}

/** Runs of the sweep may overlap, and then write their observations one after the other. */
const WRITE_TRIES = 5

/**
 * Watches whether pings are taken. Each run of the sweep observes that once, and again before it
 * flags a check where it has to.
 */
export class IntakeWatch {
  readonly #deps: IntakeWatchDeps
  #observing: Promise<Intake> | undefined

  constructor(deps: IntakeWatchDeps) {
    this.#deps = deps
  }

  /** Observes the intake, and warns the operator while pings are not taken. */
  async observe(): Promise<void> {
    const { trouble } = await this.#observe()
    if (trouble !== undefined && trouble.cleanSince === undefined)
      warn('canary-failed', { since: trouble.startedAt })
    if (trouble?.isConfirmed === true) warn('intake-impaired', { since: trouble.startedAt })
  }

  /**
   * When pings could not be taken, up to a deadline that was missed. It is known only once pings
   * are not taken, or a canary that was sent after the deadline has got through.
   */
  async impairmentUpTo(deadline: number): Promise<Impairment> {
    const { operations, clock, longestHoldMs } = this.#deps
    let known = (await operations.intake())?.intake ?? noIntake
    // The other signal shows a failure a minute or two later than the canary.
    if (known.trouble !== undefined && !countsAt(known.trouble, clock.now()))
      known = await this.#observe()
    // An observation that is already under way may have begun before the deadline.
    for (let tries = 0; tries < 2 && !isKnownFor(known, deadline); tries += 1)
      known = await this.#observe()
    return impairmentAt(known, longestHoldMs, clock.now())
  }

  /** Observes once at a time: whoever asks meanwhile gets the same observation. */
  #observe(): Promise<Intake> {
    this.#observing ??= this.#observeOnce().finally(() => (this.#observing = undefined))
    return this.#observing
  }

  async #observeOnce(): Promise<Intake> {
    const { operations, canary, clock } = this.#deps
    let record = (await operations.intake()) ?? (await this.#begin())
    const sentAt = clock.now()
    const seen = { sentAt, isThrough: await canary(record.canaryId) }
    for (let attempt = 0; attempt < WRITE_TRIES; attempt += 1) {
      const since = signalWantedSince(record.intake, seen)
      const agrees = since !== undefined && (await this.#agrees(since))
      const next = await this.#put(record, afterObservation(record.intake, { ...seen, agrees }))
      if (next !== undefined) return next
      record = (await operations.intake()) ?? record
    }
    throw new Error(
      `the intake changed ${WRITE_TRIES} times while an observation of it was being written`,
    )
  }

  async #begin(): Promise<IntakeRecord> {
    const { operations, random, longestHoldMs } = this.#deps
    const first = {
      intake: noIntake,
      canaryId: newCanaryId(random.uuid()),
      longestHoldMs,
      revision: 1,
    }
    if ((await operations.putIntake(first)) === 'written') return first
    return (await operations.intake()) ?? first
  }

  /** A signal that can't be read does not agree; the canary alone is believed for a while. */
  async #agrees(since: number): Promise<boolean> {
    try {
      return await this.#deps.otherSignal(since, this.#deps.clock.now())
    } catch (error) {
      warn('signal-failed', { error: nameOf(error) })
      return false
    }
  }

  async #put(before: IntakeRecord, intake: Intake): Promise<Intake | undefined> {
    if (intake === before.intake) return intake
    const { operations, longestHoldMs } = this.#deps
    const outcome = await operations.putIntake({
      ...before,
      intake,
      longestHoldMs,
      revision: before.revision + 1,
    })
    if (outcome === 'changed') return undefined
    const ended =
      intake.trouble === undefined && before.intake.trouble?.isConfirmed === true
        ? intake.intervals.at(-1)
        : undefined
    if (ended !== undefined)
      log('intake-restored', { startedAt: ended.startedAt, endedAt: ended.endedAt })
    return intake
  }
}

function isKnownFor({ trouble, lastGoodAt }: Intake, deadline: number): boolean {
  return trouble !== undefined || (lastGoodAt ?? -Infinity) >= deadline
}
