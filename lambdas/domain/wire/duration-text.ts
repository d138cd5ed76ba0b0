/** Units of a length of time, the longest first, with what people write for them. */
const units = [
  { short: 'd', seconds: 86_400, spelling: /^d(ays?)?$/ },
  { short: 'h', seconds: 3600, spelling: /^h((ou)?rs?)?$/ },
  { short: 'min', seconds: 60, spelling: /^m(in(ute)?s?)?$/ },
  { short: 's', seconds: 1, spelling: /^s(ec(ond)?s?)?$/ },
  { short: 'w', seconds: 604_800, spelling: /^w(eeks?)?$/ },
] as const

const LONGEST_TEXT = 60

/** A length of time as people write one: `15 min`, `1 day`, `1h30m`; undefined for what is none. */
export function secondsIn(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (trimmed.length > LONGEST_TEXT || !/^(\d+\s*[a-z]+\s*)+$/.test(trimmed)) return undefined
  const parts = [...trimmed.matchAll(/(\d+)\s*([a-z]+)/g)].map(([, count, name = '']) => {
    const unit = units.find(({ spelling }) => spelling.test(name))
    return unit === undefined ? NaN : Number(count) * unit.seconds
  })
  const seconds = parts.reduce((sum, part) => sum + part, 0)
  return Number.isSafeInteger(seconds) ? seconds : undefined
}

/** A length of time, whole, so that it can be read again: `1 d 2 h 5 min`. */
export function durationText(seconds: number): string {
  let rest = seconds
  const parts = units.flatMap(({ short, seconds: length }) => {
    const count = Math.floor(rest / length)
    rest -= count * length
    return count === 0 ? [] : [`${count} ${short}`]
  })
  return parts.length === 0 ? '0 s' : parts.join(' ')
}
