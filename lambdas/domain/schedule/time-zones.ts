import legacyNames from './legacy-zone-names.json' with { type: 'json' }
import { isTimeZone } from './zone-data.ts'

const rewritten = new Map(Object.entries(legacyNames))

/**
 * The name that a time zone is stored under: the name itself, or the one that replaced it;
 * undefined for an unknown zone. Case counts.
 */
export function canonicalTimeZone(name: string): string | undefined {
  return rewritten.get(name) ?? (isTimeZone(name) ? name : undefined)
}
