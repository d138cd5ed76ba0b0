const MINUTE_MS = 60_000

/** How much a project may take of what all projects share, in each stretch of the clock. */
export type Allowance = {
  readonly name: 'test' | 'link'
  readonly most: number
  readonly perMs: number
}

/**
 * Tests of channels: enough for one of each kind. Nobody looks at more, and a channel that hangs
 * holds one of two places for ten seconds.
 */
export const testAllowance: Allowance = { name: 'test', most: 20, perMs: MINUTE_MS }

/**
 * Links that verify addresses. They go to people who have not agreed yet, and count against the
 * sender's good name.
 */
export const linkAllowance: Allowance = { name: 'link', most: 50, perMs: 24 * 60 * MINUTE_MS }
