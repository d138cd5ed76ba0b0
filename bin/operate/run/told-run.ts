import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { Random } from '../../../lambdas/runtime/random.ts'
import { within } from '../../../lambdas/runtime/within.ts'
import type { Heard } from './asked.ts'
import type { WatchedCheck } from './destination.ts'
import { causeIn, MOST_BODY_BYTES, pingOnce, pingPatiently, TRY_MS } from './patient-ping.ts'

/** What is told of a run besides its start. */
export type RunTelling = { readonly ending: 'fail' | 'log' | number; readonly body: Uint8Array }

export type ToldRunDeps = {
  readonly clock: Clock
  readonly random: Random
  readonly check: WatchedCheck
  /** Finds out where to ping, which may take a while, with `?create=1` where that is wanted. */
  readonly findPingUrl: () => Promise<{ readonly url: string; readonly create: boolean }>
  readonly startTimeoutMs: number
  readonly patienceMs: number
  /** The first wait between two tries, which doubles from try to try. */
  readonly firstWaitMs: number
  /** One line for whoever reads what the job says. */
  readonly note: (line: string) => void
}

/** What is kept of a body where the server has not said how much it keeps. */
const USUAL_BODY_BYTES = 10_000

/** Tells Overdue of one run. Nothing here throws: whatever becomes of pings, the job runs. */
export class ToldRun {
  readonly #deps: ToldRunDeps
  readonly #runId: string
  readonly #target: ReturnType<ToldRunDeps['findPingUrl']>
  readonly #stopped = new AbortController()
  #started: Promise<void> = Promise.resolve()
  #bodyBytes = USUAL_BODY_BYTES

  constructor(deps: ToldRunDeps) {
    this.#deps = deps
    this.#runId = deps.random.uuid()
    this.#target = deps.findPingUrl()
    this.#target.catch((error: unknown) => deps.note(`this run is not watched: ${causeIn(error)}`))
  }

  /** How much of a body the server keeps, as far as it has said so by now. */
  get bodyBytes(): number {
    return this.#bodyBytes
  }

  /** Tells the start. It goes on beside the command where it takes longer than it may. */
  async start(): Promise<void> {
    const { clock, startTimeoutMs } = this.#deps
    this.#started = this.#ping('start', undefined, TRY_MS).then(
      ({ headers }) => {
        const limit = Number(headers['ping-body-limit'] ?? USUAL_BODY_BYTES)
        if (limit >= 0) this.#bodyBytes = Math.min(limit, MOST_BODY_BYTES)
      },
      () => undefined,
    )
    await within(clock, clock.now() + startTimeoutMs, this.#started)
  }

  /** Tries until it is told, and then says on the terminal why it isn't. */
  async tell({ ending, body }: RunTelling): Promise<void> {
    const { clock, patienceMs, note } = this.#deps
    const giveUpAt = clock.now() + patienceMs
    // A start that arrives behind the end would be a run that never ends.
    await within(clock, giveUpAt, this.#started)
    const known = await within(clock, giveUpAt, this.#target)
    if ('failure' in known) {
      if (known.failure === 'late') note('this run is not told: its settings took too long')
      return
    }
    const refusal = await pingPatiently(
      (part, timeoutMs) => this.#ping(String(ending), part, timeoutMs),
      body,
      { ...this.#deps, giveUpAt, stopped: this.#stopped.signal },
    )
    if (refusal !== undefined)
      note(`the ${ending === 'log' ? 'try' : 'end'} of this run is not told: ${refusal}`)
  }

  /** Has what is being told end at its next step: somebody wants the process gone. */
  stop(): void {
    this.#stopped.abort('stopped')
  }

  async #ping(ending: string, body: Uint8Array | undefined, timeoutMs: number): Promise<Heard> {
    const { url, create } = await this.#target
    const query = `?rid=${this.#runId}${create ? '&create=1' : ''}`
    return pingOnce(`${url}/${ending}${query}`, { body, timeoutMs, by: 'overdue run' })
  }
}
