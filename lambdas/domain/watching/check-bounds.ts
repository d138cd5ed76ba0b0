/** How many characters the texts of a check may have, wherever the check comes from. */
export const checkBounds = {
  longestName: 100,
  longestSlug: 100,
  longestTags: 500,
  longestKeywords: 200,
  /**
   * The description lies in the item that a badge of the check reads, open to all, and in each
   * alert: at most ten read units.
   */
  longestDescription: 10_000,
} as const

export const slugPattern = /^[a-z0-9-_]*$/

/** The reference counts characters, where JavaScript counts those beyond the basic plane twice. */
export function hasAtMost(longest: number, value: string): boolean {
  return (
    value.length <= longest || (value.length <= 2 * longest && Array.from(value).length <= longest)
  )
}
