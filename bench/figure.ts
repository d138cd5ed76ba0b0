/** One measured number: a median with its spread, or an exact count, and what it is held to. */
export type Figure = {
  readonly name: string
  readonly unit: string
  /** The median, where it was measured more than once. */
  readonly value: number
  readonly spread?: readonly [lowest: number, highest: number]
  readonly target?: { readonly atMost: number } | { readonly atLeast: number }
}

/** One row of the bench: what it is called on the command line, and how its figures come about. */
export type Row = {
  readonly name: string
  readonly help: string
  readonly measure: (progress: (line: string) => void) => Promise<readonly Figure[]>
}

/** Whether the figure keeps its target; undefined when it has none. Only a number can. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

export function sum(samples: readonly number[]): number {
  return samples.reduce((total, each) => total + each, 0)
}

/** Of an even number the mean of the two in the middle. @throws when there is none */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((one, other) => one - other)
  const [low, high] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ]
  if (low === undefined || high === undefined) throw new Error('there is no median of no samples')
  return (low + high) / 2
}

export function spread(samples: readonly number[]): readonly [lowest: number, highest: number] {
  return [Math.min(...samples), Math.max(...samples)]
}

/**
 * What was measured over a floor measured beside it: of each round the one over the other, so that
 * what slows both cancels out.
 * @throws when they are not of the same rounds
 */
export function ratios(measured: readonly number[], floors: readonly number[]): readonly number[] {
  if (measured.length !== floors.length)
    throw new Error(`${measured.length} rounds can't be held against ${floors.length}`)
  return measured.map((value, round) => value / (floors[round] ?? NaN))
}

/** A figure of several rounds. */
export function figureOf(name: string, unit: string, samples: readonly number[]): Figure {
  return { name, unit, value: median(samples), spread: spread(samples) }
}
