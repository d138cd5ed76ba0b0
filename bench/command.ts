import { Command, CommanderError } from 'commander'
import { isMet, type Row } from './figure.ts'
import { type RowFigures, tableOf } from './table.ts'

export type BenchDeps = {
  readonly rows: readonly Row[]
  /** Writes down what a row gave. */
  readonly keep: (measured: RowFigures) => void
  /** For the table. */
  readonly answer: (text: string) => void
  /** For what is said on the way. */
  readonly tell: (line: string) => void
}

const FAILED = 1
const USED_WRONGLY = 2

/**
 * Runs `npm run bench`. The answer is the exit status: 1 when a target is missed or a row can't be
 * measured, 2 for wrong usage.
 */
export async function runBench(args: readonly string[], deps: BenchDeps): Promise<number> {
  let status = 0
  const program = new Command('npm run bench --')
    .description(
      'Measures what Overdue costs and how fast it is; all rows, or those named. Timings are ratios to a floor of the same run.',
    )
    .argument('[row...]', 'which rows to measure')
    .option('--list', 'name the rows, and measure none')
    .option('--json', 'print JSON in place of the table')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.answer(text.trimEnd()),
      writeErr: (text) => deps.tell(text.trimEnd()),
    })
    .action(
      async (
        names: readonly string[],
        { list, json }: { readonly list?: true; readonly json?: true },
      ) => {
        const rows = rowsNamed(deps.rows, names, program)
        if (list) deps.answer(listOf(rows))
        else status = await measureAll(rows, deps, json === true)
      },
    )
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USED_WRONGLY
    throw error
  }
}

function rowsNamed(
  rows: readonly Row[],
  names: readonly string[],
  program: Command,
): readonly Row[] {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name))
  if (unknown.length > 0)
    program.error(
      `there is no row ${unknown.join(', ')}; the rows are ${rows.map(({ name }) => name).join(', ')}`,
    )
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name))
}

function listOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  return rows.map(({ name, help }) => `${name.padEnd(width)}  ${help}`).join('\n')
}

/**
 * One row after the other, so that none disturbs another. One that fails doesn't keep the others
 * from being measured.
 */
async function measureAll(
  rows: readonly Row[],
  { keep, answer, tell }: BenchDeps,
  json: boolean,
): Promise<number> {
  const measured: RowFigures[] = []
  let failed = 0
  for (const { name, measure } of rows) {
    try {
      const figures = await measure((line) => tell(`${name}: ${line}`))
      keep({ row: name, figures })
      measured.push({ row: name, figures })
    } catch (error) {
      failed += 1
      tell(
        `${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    }
  }
  answer(json ? JSON.stringify(measured, undefined, 2) : tableOf(measured))
  const missed = measured
    .flatMap(({ figures }) => figures)
    .filter((figure) => isMet(figure) === false)
  return failed + missed.length === 0 ? 0 : FAILED
}
