import { oneLine } from '../../lambdas/domain/wire/plain-text.ts'

/** Rows in columns; the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return columns([head, ...rows])
}

/** The same without a head. A cell has one line, whatever is in it: none can pass for a row. */
export function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine))
  const count = Math.max(0, ...cells.map((line) => line.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  )
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
