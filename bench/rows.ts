import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './figure.ts'

const folder = join(import.meta.dirname, 'rows')

/**
 * All rows there are: each module in `rows` exports the one of its name. @throws when one doesn't
 */
export async function readRows(): Promise<readonly Row[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  return Promise.all(files.sort().map(rowIn))
}

async function rowIn(file: string): Promise<Row> {
  const exported = Object.values(
    (await import(join(folder, file))) as Readonly<Record<string, unknown>>,
  )
  const row = exported.filter(isRow).find(({ name }) => `${name}.ts` === file)
  if (row === undefined) throw new Error(`bench/rows/${file} has to export the row of this name`)
  return row
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'help' in value &&
    'measure' in value
  )
}
