/**
 * What is to happen, in the order of its time; at one instant in the order in which it was asked
 * for.
 */
export class Timeline {
  /** A binary heap. */
  readonly #events: Event[] = []
  #asked = 0

  get nextAt(): number | undefined {
    return this.#events[0]?.at
  }

  add(at: number, run: () => void): void {
    const event = { at, order: this.#asked, run }
    this.#asked += 1
    const events = this.#events
    let place = events.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = events[above]
      if (other === undefined || isBefore(other, event)) break
      events[place] = other
      place = above
    }
    events[place] = event
  }

  take(): Event | undefined {
    const events = this.#events
    const first = events[0]
    const last = events.pop()
    if (last !== undefined && first !== last) this.#sink(last)
    return first
  }

  #sink(event: Event): void {
    const events = this.#events
    let place = 0
    for (;;) {
      const [left, right] = [events[2 * place + 1], events[2 * place + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const below = isRight ? right : left
      if (isBefore(event, below)) break
      events[place] = below
      place = 2 * place + (isRight ? 2 : 1)
    }
    events[place] = event
  }
}

type Event = { readonly at: number; readonly order: number; readonly run: () => void }

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
