import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { CommandFailure } from './answering.ts'
import type { Terminal } from './command-answer.ts'
import { declaredCommands } from './declared.ts'
import { joinLines } from './messages.ts'
import { printable } from './printable.ts'

const FAILED = 1
const USED_WRONGLY = 2

/**
 * Runs the operator's command, and answers with the exit status: 1 for a failure, 2 for wrong
 * usage, both of which have been noted by then.
 */
export async function runCommand(args: readonly string[], output: Terminal): Promise<number> {
  const terminal = harmless(output)
  try {
    const program = await makeProgram(args, terminal)
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USED_WRONGLY
    if (!(error instanceof CommandFailure)) throw error
    terminal.note(`overdue: ${error.message}`)
    return FAILED
  }
}

/** Bytes are left alone: somebody asked for them, as for a crontab. */
function harmless(output: Terminal): Terminal {
  return {
    ...output,
    answer: (text) => output.answer(typeof text === 'string' ? printable(text) : text),
    note: (text) => output.note(printable(text)),
  }
}

/** Of the commands, only the one that is called is more than its name. */
async function makeProgram(args: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('overdue')
    .version(packageJson.version)
    .description(
      "The operator's command of Overdue. It uses your own AWS credentials; overdue channel uses an API key of a project instead.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text) =>
        terminal.note(withoutValue(joinLines(text)).replace(/^error:/, 'overdue:')),
    })
  const called = args.find((arg) => arg !== 'help' && !arg.startsWith('-'))
  for (const { name, description, load } of declaredCommands) {
    const command = program.command(name).description(description)
    if (name === called) (await load())(command, terminal)
  }
  return program
}

/** What was given to a misspelt option may be a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]+)=.*'/, "$1'")
}
