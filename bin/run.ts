import { declaredRun } from './operate/declared-run.ts'
import { ownTerminal } from './operate/own-terminal.ts'
import { runProgram } from './operate/program.ts'

/*
 * `overdue run` by itself, which the package has in one file: it starts with each job, and reading
 * many files would take longer than all it does.
 */
process.exitCode = await runProgram(
  { commands: [declaredRun], args: process.argv.slice(2) },
  ownTerminal,
)
