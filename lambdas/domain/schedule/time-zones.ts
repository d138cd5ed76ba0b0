import zones from './time-zones.json' with { type: 'json' }

const accepted = new Set(zones.accepted)
const rewritten = new Map(Object.entries(zones.rewritten))

/** The name that a time zone is kept under: its own, or that which replaced it; undefined when there is no such zone. Case counts. */
export function canonicalTimeZone(name: string): string | undefined {
  return accepted.has(name) ? name : rewritten.get(name)
}
