import { impairmentAt } from '../../domain/watching/intake.ts'
import { type Impairment, unimpaired } from '../../domain/watching/impairment.ts'
import { nameOf, warn } from '../../runtime/log.ts'
import type { IntakeRecord, Operations } from './operations.ts'

/**
 * How long a reading is used. The intake changes only when pings stop being taken, and when they
 * are taken again.
 */
const FRESH_MS = 5_000

/** The intake of pings for readers only, read again every few seconds. */
export class KnownIntake {
  readonly #operations: Pick<Operations, 'intake'>
  #known: { readonly record: Promise<IntakeRecord | undefined>; readonly until: number } | undefined

  constructor(operations: Pick<Operations, 'intake'>) {
    this.#operations = operations
  }

  /**
   * An unreadable intake counts as unimpaired: it is better to tell an alert without the note than
   * not to.
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
