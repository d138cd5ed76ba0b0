import { checkBounds } from './check-bounds.ts'

/**
 * The slug that API versions 1 and 2 make of a name, as Django's slugify does: accents folded,
 * words joined by dashes, the rest dropped.
 */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9_\s-]/g, '')
    .toLowerCase()
    .replace(/[\s-]+/g, '-')
    .slice(0, checkBounds.longestSlug)
    .replace(/^[-_]+|[-_]+$/g, '')
}
