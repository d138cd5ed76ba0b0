import type { Terminal } from './command-answer.ts'
import { declaredCommands } from './declared.ts'
import { runProgram } from './program.ts'

/** Runs the operator's command with all its parts, and answers with the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  return runProgram({ commands: declaredCommands, args }, terminal)
}
