import { impairmentAt } from '../../domain/watching/intake.ts'
import { type Impairment, unimpaired } from '../../domain/watching/impairment.ts'
import { nameOf, warn } from '../../runtime/log.ts'
import type { IntakeRecord, Operations } from './operations.ts'

/**
 * What was read is good for so long: it changes when pings stop being taken, and again when they
 * are.
 */
const FRESH_MS = 5_000

/** The intake of pings, for those who only need to know it: read again every few seconds. */
export class KnownIntake {
  readonly #operations: Pick<Operations, 'intake'>
  #known: { readonly record: Promise<IntakeRecord | undefined>; readonly until: number } | undefined

  constructor(operations: Pick<Operations, 'intake'>) {
    this.#operations = operations
  }

  /**
   * What can't be known counts as unimpaired: an alert is told without the note, rather than not.
   */
  async impairmentAt(now: number): Promise<Impairment> {
    const record = await this.#read(now)
    return record === undefined
      ? unimpaired
      : impairmentAt(record.intake, record.longestHoldMs, now)
  }

  async #read(now: number): Promise<IntakeRecord | undefined> {
    if (this.#known === undefined || now >= this.#known.until)
      this.#known = { record: this.#operations.intake(), until: now + FRESH_MS }
    const known = this.#known
    try {
      return await known.record
    } catch (error) {
      // Whoever asks next asks again.
      if (this.#known === known) this.#known = undefined
      warn('intake-unknown', { error: nameOf(error) })
      return undefined
    }
  }
}
