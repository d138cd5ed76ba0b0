/**
 * Items that nobody can read: when they came to be so and were mended, who named them, and how the
 * daily comparison took them.
 */
export type Oddity = {
  readonly atFirst: number
  mendedAt: number
  /**
   * The e-mail channel that can't be read, and those for whose digests something waits that can't.
   */
  channel: string
  waitingFor: readonly string[]
  comparison: 'ended' | 'failed' | undefined
  readonly named: Set<string>
}
