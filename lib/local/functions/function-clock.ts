import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { Wait } from './messages.ts'

type PendingWait = Wait & { readonly resolve: () => void }

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The stack's clock in a function's process. It knows which invocation waits for which instant. */
export class FunctionClock implements Clock {
  readonly #invocation: () => number
  readonly #waits = new Set<PendingWait>()
  #offsetMs = 0
  #timer: NodeJS.Timeout | undefined

  /** @param invocation gives the id of the invocation that is calling. */
  constructor(invocation: () => number) {
    this.#invocation = invocation
  }

  now(): number {
    return Date.now() + this.#offsetMs
  }

  waitUntil(at: number, signal?: AbortSignal): Promise<void> {
    if (at <= this.now() || signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const wait = { invocation: this.#invocation(), at, resolve }
      this.#waits.add(wait)
      signal?.addEventListener('abort', () => this.#giveUp(wait), { once: true })
      this.#arm()
    })
  }

  waits(): readonly Wait[] {
    return [...this.#waits].map(({ invocation, at }) => ({ invocation, at }))
  }

  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs
    this.#wake()
  }

  /** Ends a wait before its time. */
  #giveUp(wait: PendingWait): void {
    if (!this.#waits.delete(wait)) return
    wait.resolve()
    this.#arm()
  }

  #wake(): void {
    const due = [...this.#waits].filter(({ at }) => at <= this.now()).sort((a, b) => a.at - b.at)
    for (const wait of due) {
      this.#waits.delete(wait)
      wait.resolve()
    }
    this.#arm()
  }

  /** Sleeps in real time until the next wait is over. The timer does not count as work. */
  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#waits.size === 0) return
    const next = Math.min(...[...this.#waits].map(({ at }) => at))
    const waitMs = Math.min(Math.max(0, next - this.now()), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => this.#wake(), waitMs).unref()
  }
}
