import type { Clock } from '../../../lambdas/runtime/clock.ts'
import { within } from '../../../lambdas/runtime/within.ts'
import { ask, type Heard } from './asked.ts'

/** What is told of a run besides its start. */
export type RunTelling = { readonly ending: 'fail' | 'log' | number; readonly body: Uint8Array }

export type ToldRunDeps = {
  readonly clock: Clock
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
/** What is sent at most, however much the server keeps. */
const MOST_BODY_BYTES = 1_000_000
const TRY_MS = 10_000
const LONGEST_WAIT_MS = 8000
const MOST_ANSWER_BYTES = 1000

/** Tells Overdue of one run. Nothing here throws: whatever becomes of pings, the job runs. */
export class ToldRun {
  readonly #deps: ToldRunDeps
  readonly #runId = process.getBuiltinModule('node:crypto').randomUUID()
  readonly #target: ReturnType<ToldRunDeps['findPingUrl']>
  readonly #stopped = new AbortController()
  #started: Promise<void> = Promise.resolve()
  #bodyBytes = USUAL_BODY_BYTES

  constructor(deps: ToldRunDeps) {
    this.#deps = deps
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
    const refusal = await this.#tryUntil(giveUpAt, ending, body)
    if (refusal !== undefined)
      note(`the ${ending === 'log' ? 'try' : 'end'} of this run is not told: ${refusal}`)
  }

  /** Has what is being told end at its next step: somebody wants the process gone. */
  stop(): void {
    this.#stopped.abort('stopped')
  }

  /** Why it could not be told; undefined when it is. */
  async #tryUntil(
    giveUpAt: number,
    ending: RunTelling['ending'],
    wanted: Uint8Array,
  ): Promise<string | undefined> {
    const { clock, firstWaitMs } = this.#deps
    let body = wanted
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      const leftMs = Math.max(1, giveUpAt - clock.now())
      const heard = await this.#ping(String(ending), body, Math.min(TRY_MS, leftMs)).catch(causeIn)
      const refusal = typeof heard === 'string' ? heard : refusalIn(heard)
      if (refusal === undefined || this.#stopped.signal.aborted) return refusal
      const isTooLarge = typeof heard !== 'string' && heard.status === 413
      if (isTooLarge && body.length > 0) body = new Uint8Array()
      else if (typeof heard !== 'string' && !mayPass(heard)) return refusal
      if (clock.now() >= giveUpAt) return refusal
      const askedMs = typeof heard === 'string' ? 0 : retryAfterMs(heard)
      const pauseMs = Math.max(askedMs, waitMs * (0.5 + Math.random() / 2))
      await clock.waitUntil(Math.min(giveUpAt, clock.now() + pauseMs), this.#stopped.signal)
    }
  }

  async #ping(ending: string, body: Uint8Array | undefined, timeoutMs: number): Promise<Heard> {
    const { url, create } = await this.#target
    const query = `?rid=${this.#runId}${create ? '&create=1' : ''}`
    return ask(new URL(`${url}/${ending}${query}`), {
      method: 'POST',
      // Only as this do bytes get through Lambda as they are.
      headers: { 'Content-Type': 'application/octet-stream', 'User-Agent': 'overdue run' },
      ...(body !== undefined && { body }),
      timeoutMs,
      mostBytes: MOST_ANSWER_BYTES,
    })
  }
}

/** Why a ping is not taken; undefined when it is. Some servers say so in the text of a 200. */
function refusalIn({ status, headers, text }: Heard): string | undefined {
  if (status >= 300 && status < 400)
    return `it is redirected to ${hostOf(headers.location)}; give the address there`
  const said = /^[\x20-\x7e]{1,60}$/.test(text.trim()) ? ` ${text.trim()}` : ''
  const isTaken = (status === 200 || status === 201) && !/^ OK \(/.test(said)
  return isTaken ? undefined : `the answer is ${status}${said}`
}

/** The path may hold a key. */
function hostOf(location: string | undefined): string {
  return (location !== undefined && URL.parse(location)?.host) || 'elsewhere'
}

function mayPass({ status, text }: Heard): boolean {
  return [408, 429].includes(status) || status >= 500 || /rate.limited/.test(text)
}

function retryAfterMs({ headers }: Heard): number {
  const seconds = Number(headers['retry-after'] ?? 0)
  return seconds > 0 ? seconds * 1000 : 0
}

/** Where several addresses were tried, the error has a code only. */
function causeIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
