export type Range = { readonly from: number; readonly to: number }

/** Digits only: neither sign, point, underscore nor space. */
export function wholeNumber(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? Number(text) : undefined
}

/**
 * Every `step`-th number of a range; undefined for a step of nothing. A step beyond the range
 * leaves its first number.
 */
export function everyNth({ from, to }: Range, step: number): readonly number[] | undefined {
  if (step < 1) return undefined
  return Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => from + index * step,
  )
}

/** The numbers of all terms, ascending, each once; undefined when one is not understood. */
export function union(
  terms: readonly (readonly number[] | undefined)[],
): readonly number[] | undefined {
  const understood = terms.filter((term) => term !== undefined)
  if (understood.length < terms.length) return undefined
  return [...new Set(understood.flat())].sort((a, b) => a - b)
}
