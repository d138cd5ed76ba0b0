/** How much of every project is still worked on, before others get their turn. */
export class Shares {
  readonly #most: number
  readonly #used = new Map<string, number>()
  /** Whether something was left because of them. */
  areUsedUp = false

  constructor(most: number) {
    this.#most = most
  }

  /** As many of a project's as its share has room for. */
  take<Of>(projectId: string, wanted: readonly Of[]): readonly Of[] {
    const used = this.#used.get(projectId) ?? 0
    const taken = wanted.slice(0, Math.max(0, this.#most - used))
    this.#used.set(projectId, used + taken.length)
    this.areUsedUp ||= taken.length < wanted.length
    return taken
  }
}
