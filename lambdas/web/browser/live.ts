import { type Fragment, FragmentError, askFor } from './fragment.ts'
import { nextInMs, type AskingPace } from './pace.ts'
import { say, unsay } from './say.ts'
import { showChanges, update } from './update.ts'

const LOST = 'Connection lost, trying again'

/** Keeps the regions of the page fresh while somebody sees it. */
export function keepFresh(): void {
  for (const region of document.querySelectorAll<HTMLElement>('[data-live]')) new Live(region)
}

class Live {
  readonly #region: HTMLElement
  readonly #since = Date.now()
  #movedAt = Date.now()
  #failures = 0
  #tag: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #isAsking = false

  constructor(region: HTMLElement) {
    this.#region = region
    for (const event of ['pointermove', 'keydown', 'scroll', 'touchstart'])
      addEventListener(event, () => this.#moved(), { passive: true })
    document.addEventListener('visibilitychange', () => this.#seen())
    addEventListener('online', () => void this.#ask())
    this.#wait()
  }

  get #pace(): AskingPace {
    const { dataset } = this.#region
    const isSoon =
      dataset['liveSoon'] !== undefined || this.#region.querySelector('[data-live-soon]') !== null
    const now = Date.now()
    const { failures, openMs, idleMs } = {
      failures: this.#failures,
      openMs: now - this.#since,
      idleMs: now - this.#movedAt,
    }
    return { isSoon, failures, openMs, idleMs }
  }

  #wait(): void {
    clearTimeout(this.#timer)
    if (document.hidden) return
    this.#timer = setTimeout(() => void this.#ask(), nextInMs(this.#pace))
  }

  /** Who comes back to a page wants to see how things are. */
  #moved(): void {
    const wasIdle =
      nextInMs({ ...this.#pace, failures: 0 }) > nextInMs({ ...this.#pace, idleMs: 0 })
    this.#movedAt = Date.now()
    if (wasIdle && this.#failures === 0) void this.#ask()
  }

  #seen(): void {
    if (document.hidden) clearTimeout(this.#timer)
    else void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || document.hidden) return
    this.#isAsking = true
    clearTimeout(this.#timer)
    this.#region.setAttribute('aria-busy', 'true')
    try {
      this.#take(await askFor(urlOf(this.#region), { tag: this.#tag }))
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#region.removeAttribute('aria-busy')
      this.#isAsking = false
      this.#wait()
    }
  }

  #take(answer: Fragment | { readonly asOf: string | null }): void {
    this.#failures = 0
    delete this.#region.dataset['stale']
    unsay(LOST)
    if ('content' in answer) {
      this.#tag = answer.tag
      showChanges(this.#region, update(this.#region, answer.content))
    }
    showTime(this.#region, answer.asOf)
    const { liveGoal } = this.#region.dataset
    if (liveGoal !== undefined && this.#region.querySelector(liveGoal) !== null) location.reload()
  }

  #failed(error: unknown): void {
    this.#failures += 1
    this.#region.dataset['stale'] = ''
    const isGone = error instanceof FragmentError && [401, 403, 404].includes(error.status)
    const words = isGone ? 'This page is not yours any more: load it again' : LOST
    if (this.#failures === 1) say(words)
  }
}

function urlOf(region: HTMLElement): string {
  const url = new URL(region.dataset['live'] ?? '', location.href)
  const rows = [...region.querySelectorAll<HTMLElement>('[data-row]')]
  if (rows.length > 0) url.searchParams.set('rows', rows.map((row) => row.dataset['row']).join(','))
  return url.href
}

function showTime(region: HTMLElement, asOf: string | null): void {
  if (asOf === null) return
  for (const each of region.querySelectorAll<HTMLElement>('[data-as-of]'))
    each.textContent = new Date(asOf).toLocaleTimeString('en-GB', {
      timeZone: each.dataset['asOf'] === '' ? 'UTC' : each.dataset['asOf'],
    })
}
