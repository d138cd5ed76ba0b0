import {
  afterLook,
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

/** Of runs that overlap, one at a time writes what it saw. */
const WRITE_TRIES = 5

/**
 * Whether pings are being taken, as far as it is known: each run of the sweep looks once, and
 * before it flags anything.
 */
export class IntakeWatch {
  readonly #deps: IntakeWatchDeps
  #looking: Promise<Intake> | undefined

  constructor(deps: IntakeWatchDeps) {
    this.#deps = deps
  }

  /** The look of each minute. The operator is told as long as pings are not taken. */
  async look(): Promise<void> {
    const { trouble } = await this.#look()
    if (trouble !== undefined && trouble.cleanSince === undefined)
      warn('canary-failed', { since: trouble.startedAt })
    if (trouble?.isConfirmed === true) warn('intake-impaired', { since: trouble.startedAt })
  }

  /**
   * What is known, before a check is flagged that missed a deadline: pings are known not to be
   * taken, or a canary that was sent after the deadline got through.
   */
  async impairmentSince(deadline: number): Promise<Impairment> {
    const { operations, clock, longestHoldMs } = this.#deps
    let known = (await operations.intake())?.intake ?? noIntake
    // Nobody may have asked the other signal since it can tell: a minute or two after the canary
    // failed.
    if (known.trouble !== undefined && !countsAt(known.trouble, clock.now()))
      known = await this.#look()
    // A look that was under way already may have begun before the deadline.
    for (let looks = 0; looks < 2 && !tells(known, deadline); looks += 1) known = await this.#look()
    return impairmentAt(known, longestHoldMs, clock.now())
  }

  /** One look at a time: who asks meanwhile waits for its outcome. */
  #look(): Promise<Intake> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async #lookOnce(): Promise<Intake> {
    const { operations, canary, clock } = this.#deps
    let record = (await operations.intake()) ?? (await this.#begin())
    const sentAt = clock.now()
    const seen = { sentAt, isThrough: await canary(record.canaryId) }
    for (let attempt = 0; attempt < WRITE_TRIES; attempt += 1) {
      const since = signalWantedSince(record.intake, seen)
      const agrees = since !== undefined && (await this.#agrees(since))
      const next = await this.#put(record, afterLook(record.intake, { ...seen, agrees }))
      if (next !== undefined) return next
      record = (await operations.intake()) ?? record
    }
    throw new Error(`the intake changed ${WRITE_TRIES} times while a look at it was being written`)
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

  /** A signal that can't be had agrees with nothing: the canary alone is believed for a while. */
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

function tells({ trouble, lastGoodAt }: Intake, deadline: number): boolean {
  return trouble !== undefined || (lastGoodAt ?? -Infinity) >= deadline
}
