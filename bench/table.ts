import { type Figure, isMet } from './figure.ts'

export type RowFigures = { readonly row: string; readonly figures: readonly Figure[] }

const headings = ['row', 'figure', 'value', 'spread', 'target', 'met?']

/** The figures of all rows as one table, in columns. */
export function tableOf(rows: readonly RowFigures[]): string {
  const lines = [
    headings,
    ...rows.flatMap(({ row, figures }) =>
      figures.map((figure, index) => cellsOf(index === 0 ? row : '', figure)),
    ),
  ]
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  )
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(row: string, figure: Figure): readonly string[] {
  const { name, unit, value, spread, target } = figure
  const bound =
    target === undefined
      ? ''
      : 'atMost' in target
        ? `≤ ${numeral(target.atMost)}`
        : `≥ ${numeral(target.atLeast)}`
  const met = isMet(figure)
  return [
    row,
    name,
    `${numeral(value)} ${unit}`,
    spread === undefined ? '' : `${numeral(spread[0])} – ${numeral(spread[1])}`,
    bound,
    met === undefined ? '' : met ? 'yes' : 'NO',
  ]
}

/**
 * Three digits that count, and never fewer than a whole number has: what is shown as 1.00 may be
 * 1.004, so the verdict is not taken from it.
 */
export function numeral(value: number): string {
  if (!Number.isFinite(value)) return value.toString()
  if (value === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(decimals, 2),
    maximumFractionDigits: Math.min(decimals, 6),
  })
}
