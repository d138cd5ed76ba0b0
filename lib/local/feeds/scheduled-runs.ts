import type { LocalFunction } from '../functions/local-function.ts'
import { isAllowed } from '../template/policy.ts'
import { parseRecurrence, type Recurrence } from '../template/recurrence.ts'
import { StartError } from '../start-error.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'
import type { ScheduleDefinition } from '../template/wiring.ts'

const RETRY_DELAY_MS = 60_000

/** Runs a function by its schedule, on the stack's clock. */
export class ScheduledRuns {
  readonly target: LocalFunction
  readonly #input: unknown
  readonly #recurrence: Recurrence
  readonly #clock: VirtualClock
  #nextAt: number
  #cancel: () => void = () => undefined
  /** How many runs have ended, and whether the last of them failed. */
  ended = 0
  hasFailed = false

  /** @throws StartError when the schedule's role does not let it invoke the function. */
  constructor(schedule: ScheduleDefinition, target: LocalFunction, clock: VirtualClock) {
    const { name, statements, functionArn, input, expression } = schedule
    if (!isAllowed(statements, { action: 'lambda:InvokeFunction', resource: functionArn })) {
      throw new StartError(
        `the role of the schedule ${name} may not invoke ${target.definition.name}`,
      )
    }
    this.target = target
    this.#input = JSON.parse(input)
    this.#recurrence = parseRecurrence(expression)
    this.#clock = clock
    this.#nextAt = this.#recurrence.nextAfter(clock.now())
    this.#arm()
  }

  /** Skips the runs before an instant, except the last one. */
  skipUntil(at: number): void {
    const last = this.#recurrence.lastUntil(at)
    if (last > this.#nextAt) this.#set(last)
  }

  /** Undoes `skipUntil` for the runs that lie ahead. */
  resume(): void {
    this.#set(this.#recurrence.nextAfter(this.#clock.now()))
  }

  #set(at: number): void {
    this.#cancel()
    this.#nextAt = at
    this.#arm()
  }

  #arm(): void {
    this.#cancel = this.#clock.at(this.#nextAt, 'schedule', () => {
      void this.#run(this.target.definition.retries)
      this.#set(this.#recurrence.nextAfter(this.#nextAt))
    })
  }

  /**
   * Tries a failed run again after one minute, then two, as Lambda does with asynchronous calls.
   */
  async #run(retries: number): Promise<void> {
    const outcome = await this.target.invoke(this.#input, 'schedule')
    this.ended += 1
    this.hasFailed = 'error' in outcome
    if (!this.hasFailed || retries === 0) return
    const delayMs = RETRY_DELAY_MS * (this.target.definition.retries - retries + 1)
    this.#clock.at(this.#clock.now() + delayMs, 'limit', () => void this.#run(retries - 1))
  }
}
