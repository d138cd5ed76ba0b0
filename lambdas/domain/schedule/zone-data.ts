import data from './zone-data.json' with { type: 'json' }

/** The release of the IANA time zone database that everything is evaluated on. */
export const zoneDataVersion = data.version

/** How far clocks are ahead of UTC from an instant on. */
export type ZoneOffset = { readonly startsAt: number; readonly offsetMs: number }

const minuteMs = 60_000
const startOf2000 = Date.UTC(2000, 0)

const lines = new Map(data.zones.map((line) => [line.slice(0, line.indexOf('|')), line]))
const aliases = new Map(Object.entries(data.aliases))

/** Whether a zone is known, by any of its names. Case counts. */
export function isTimeZone(name: string): boolean {
  return lines.has(name) || aliases.has(name)
}

/**
 * The offsets of a zone from the year 2000 to 2199, in order. The offset of the year 2000 holds for
 * all earlier time.
 * @throws RangeError for a zone that is not known.
 */
export function offsetsOf(name: string): readonly ZoneOffset[] {
  const line = lines.get(aliases.get(name) ?? name)
  if (line === undefined) throw new RangeError(`must be a time zone, got ${name}`)
  const [, offsetsText = '', order = '', gaps = '', rule] = line.split('|')
  const offsets = offsetsText.split(' ').map((text) => Number(text) * minuteMs)
  const own = Array.from(order, (index) => offsets[Number(index)] ?? 0)
  const changes = changesOf(rule === undefined ? gaps : `${gaps} ${data.rules[Number(rule)] ?? ''}`)
  // A rule goes on between the last two offsets.
  const offsetMs = (index: number): number =>
    own[index] ?? own[own.length - 1 - ((index - own.length + 1) % 2)] ?? 0
  return [-Infinity, ...changes].map((startsAt, index) => ({ startsAt, offsetMs: offsetMs(index) }))
}

function changesOf(gaps: string): readonly number[] {
  let at = startOf2000
  return gaps === '' ? [] : gaps.split(' ').map((gap) => (at += parseInt(gap, 36) * minuteMs))
}

/** The names of all zones, those of places that share their clocks included, in order. */
export function timeZoneNames(): readonly string[] {
  return [...lines.keys(), ...aliases.keys()].toSorted()
}
