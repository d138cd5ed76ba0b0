/** A stretch of time, from an instant until just before another. */
export type Span = { readonly from: number; readonly to: number }

/** Spans in order and disjoint: what any of them covers, once. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const together: Span[] = []
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    if (span.to <= span.from) continue
    const last = together.at(-1)
    if (last === undefined || span.from > last.to) together.push(span)
    else together[together.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return together
}

/** What of some spans lies inside another. */
export function inside({ from, to }: Span, spans: readonly Span[]): readonly Span[] {
  return spans.flatMap((span) => {
    const part = { from: Math.max(from, span.from), to: Math.min(to, span.to) }
    return part.from < part.to ? [part] : []
  })
}

/** What of some spans none of the others covers. */
export function outside(others: readonly Span[], spans: readonly Span[]): readonly Span[] {
  const gaps = gapsBetween(merged(others))
  return merged(spans).flatMap((span) => inside(span, gaps))
}

export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0)
}

function gapsBetween(spans: readonly Span[]): readonly Span[] {
  const starts = [-Infinity, ...spans.map(({ to }) => to)]
  const ends = [...spans.map(({ from }) => from), Infinity]
  return starts.map((from, index) => ({ from, to: ends[index] ?? Infinity }))
}
