/**
 * What moment-timezone has of the IANA database: a line a zone, of its name, abbreviations,
 * offsets, their order, and the minutes between.
 */
export type MomentData = {
  readonly version: string
  readonly zones: readonly string[]
  readonly links: readonly string[]
}

/** What Overdue keeps of it (lambdas/domain/schedule/zone-data.ts reads it). */
export type ZoneData = {
  readonly version: string
  /**
   * `name|offsets|order of the offsets|gaps between changes|rule`: in minutes, gaps from the start
   * of 2000 on and to base 36.
   */
  readonly zones: readonly string[]
  /** Gaps that many zones have in common from the year 2027 on. */
  readonly rules: readonly string[]
  readonly aliases: Readonly<Record<string, string>>
}

const startOf2000 = minuteOf(2000)
const startOf2027 = minuteOf(2027)
const startOf2199 = minuteOf(2199)
/** OnCalendar knows no later year. */
const startOf2200 = minuteOf(2200)

/**
 * The years 2000 to 2199, at a tenth of the size: abbreviations go, and what repeats for ever
 * stands there once for all zones that have it.
 */
export function packZones({ version, zones, links }: MomentData): ZoneData {
  const rules: string[] = []
  const lines = zones.map((line) => packZone(line, rules)).sort()
  const aliases = links
    .map((link) => link.split('|'))
    .map(([zone = '', alias = '']) => [alias, zone] as const)
  return { version, zones: lines, rules, aliases: Object.fromEntries(aliases.sort()) }
}

function packZone(line: string, rules: string[]): string {
  const { name, changes } = changesOf(line)
  const own = repeatsForEver(changes)
    ? changes.filter(({ at }) => at < startOf2027).length + 1
    : changes.length
  const offsets = [...new Set(changes.slice(0, own).map(({ offset }) => offset))]
  const order = changes.slice(0, own).map(({ offset }) => offsets.indexOf(offset))
  const rule = own < changes.length ? [ruleOf(changes.slice(own - 1), rules)] : []
  return [name, offsets.join(' '), order.join(''), gaps(changes.slice(0, own)), ...rule].join('|')
}

type Change = { readonly at: number; readonly offset: number }

/**
 * The first is what the century began with. One that changes nothing but an abbreviation is none.
 */
function changesOf(line: string): { readonly name: string; readonly changes: readonly Change[] } {
  const [name = '', , offsetsText = '', order = '', gapsText = ''] = line.split('|')
  const offsets = offsetsText.split(' ').map((text) => -minutes(text))
  let at = 0
  const instants = gapsText === '' ? [] : gapsText.split(' ').map((text) => (at += minutes(text)))
  const all = Array.from(order, (digit, index) => ({
    at: instants[index - 1] ?? -Infinity,
    offset: offsets[minutes(digit)] ?? 0,
  }))
  const first = all.findLast((change) => change.at <= startOf2000) ?? { offset: 0 }
  const later = all.filter((change) => change.at > startOf2000 && change.at < startOf2200)
  const changes = [{ at: startOf2000, offset: first.offset }, ...later]
  return {
    name,
    changes: changes.filter(({ offset }, index) => offset !== changes[index - 1]?.offset),
  }
}

/** Twice a year to the end, between the same two offsets. */
function repeatsForEver(changes: readonly Change[]): boolean {
  return (changes.at(-1)?.at ?? 0) >= startOf2199
}

function ruleOf(changes: readonly Change[], rules: string[]): number {
  const rule = gaps(changes)
  const known = rules.indexOf(rule)
  return known === -1 ? rules.push(rule) - 1 : known
}

function gaps(changes: readonly Change[]): string {
  return changes
    .slice(1)
    .map(({ at }, index) => wholeGap(at - (changes[index]?.at ?? 0)).toString(36))
    .join(' ')
}

/** @throws when clocks changed within a minute, which they have not done in this century. */
function wholeGap(gap: number): number {
  const whole = Math.round(gap)
  if (Math.abs(gap - whole) > 1e-6)
    throw new Error(`clocks must change at whole minutes, got ${gap}`)
  return whole
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX'

/** A number to base 60, as moment-timezone writes it: `-2u.g`. */
function minutes(text: string): number {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const value = Array.from(whole).reduce((sum, digit) => sum * 60 + digits.indexOf(digit), 0)
  const rest = Array.from(fraction).reduceRight(
    (sum, digit) => (sum + digits.indexOf(digit)) / 60,
    0,
  )
  return text.startsWith('-') ? -value - rest : value + rest
}

function minuteOf(year: number): number {
  return Date.UTC(year, 0) / 60_000
}
