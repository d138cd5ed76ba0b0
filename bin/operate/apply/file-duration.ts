const units = [
  { letter: 'd', seconds: 86_400 },
  { letter: 'h', seconds: 3600 },
  { letter: 'm', seconds: 60 },
] as const

/** A length of time as files have it, in one unit: `90s`, `30m`, `2h`, `7d`. */
export function fileDuration(seconds: number): string {
  const unit = units.find((each) => seconds > 0 && seconds % each.seconds === 0)
  return unit === undefined ? `${seconds}s` : `${seconds / unit.seconds}${unit.letter}`
}
