import legacyNames from './legacy-zone-names.json' with { type: 'json' }
import { isTimeZone } from './zone-data.ts'

const rewritten = new Map(Object.entries(legacyNames))

/**
 * The name that a time zone is kept under: its own, or that which replaced it; undefined when there
 * is no such zone. Case counts.
 */
export function canonicalTimeZone(name: string): string | undefined {
  return rewritten.get(name) ?? (isTimeZone(name) ? name : undefined)
}
