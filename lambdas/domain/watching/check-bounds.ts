/** How many characters the texts of a check may have, wherever the check comes from. */
export const checkBounds = {
  longestName: 100,
  longestSlug: 100,
  longestTags: 500,
  longestKeywords: 200,
  /**
   * Badges, which are open to all, read the item with the description, and each alert carries it.
   * This bound keeps a read within ten read units.
   */
  longestDescription: 10_000,
} as const

export const slugPattern = /^[a-z0-9-_]*$/

/**
 * Counts characters as the reference does. JavaScript counts those beyond the basic plane twice.
 */
export function hasAtMost(longest: number, value: string): boolean {
  return (
    value.length <= longest || (value.length <= 2 * longest && Array.from(value).length <= longest)
  )
}
