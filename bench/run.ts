import { join } from 'node:path'
import { runBench } from './command.ts'
import { keepIn } from './results.ts'
import { readRows } from './rows.ts'

const resultsFile = join(import.meta.dirname, 'results.json')

// Set, not exited with: what is still being written to a pipe arrives.
process.exitCode = await runBench(process.argv.slice(2), {
  rows: await readRows(),
  keep: (measured) => keepIn(resultsFile, measured),
  answer: console.log,
  tell: console.error,
})
