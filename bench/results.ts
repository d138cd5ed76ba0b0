import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Figure } from './figure.ts'
import type { RowFigures } from './table.ts'

/**
 * What `bench/results.json` holds: of each row the figures of its last run, with the machine that
 * they are of.
 */
export type Results = Readonly<Record<string, Result>>
type Result = {
  readonly date: string
  readonly node: string
  readonly cpus: number
  readonly figures: readonly Figure[]
}

/** Puts a row's figures in the place of those that it had; the other rows stay. */
export function keepIn(file: string, { row, figures }: RowFigures): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {}
  const result: Result = {
    date: new Date().toISOString(),
    node: process.version,
    cpus: availableParallelism(),
    figures,
  }
  const sorted = Object.entries({ ...before, [row]: result }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`)
}
