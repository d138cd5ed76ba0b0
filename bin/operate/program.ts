import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { CommandFailure } from './answering.ts'
import type { CommandCall, Terminal } from './command-answer.ts'
import type { DeclaredCommand } from './declared-command.ts'
import { joinLines } from './messages.ts'
import { printable } from './printable.ts'

const FAILED = 1
const USED_WRONGLY = 2

/** What `overdue` consists of, and what it was called with. */
export type CalledProgram = {
  readonly commands: readonly DeclaredCommand[]
  readonly args: readonly string[]
}

/**
 * Runs the command that is called, and answers with the exit status: 1 for a failure, 2 for wrong
 * usage of most commands, both of which have been noted by then.
 */
export async function runProgram(
  { commands, args }: CalledProgram,
  output: Terminal,
): Promise<number> {
  const terminal = harmless(output)
  const [own, words] = withoutWords(args)
  let status = 0
  try {
    const call = { words, end: (ended: number) => (status = ended) }
    const program = await makeProgram({ commands, args: own }, terminal, call)
    await program.parseAsync(own, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usedWrongly(own)
    if (!(error instanceof CommandFailure)) throw error
    terminal.note(`overdue: ${error.message}`)
    return FAILED
  }
}

/** Of `overdue apply`, 2 says that there is something to change. */
function usedWrongly([command]: readonly string[]): number {
  return command === 'apply' ? FAILED : USED_WRONGLY
}

/** Parts the command that `overdue run` is to run from what is said to `overdue run` itself. */
function withoutWords(
  args: readonly string[],
): readonly [own: readonly string[], words: readonly string[]] {
  const dashes = args[0] === 'run' ? args.indexOf('--') : -1
  return dashes === -1 ? [args, []] : [args.slice(0, dashes), args.slice(dashes + 1)]
}

/** Bytes are left alone: somebody asked for them, as for a crontab. */
function harmless(output: Terminal): Terminal {
  return {
    // A terminal that is asked for its input opens it, which overdue run leaves to its command.
    get ask() {
      return output.ask
    },
    answer: (text) => output.answer(typeof text === 'string' ? printable(text) : text),
    note: (text) => output.note(printable(text)),
  }
}

/** Of the commands, only the one that is called is more than its name. */
async function makeProgram(
  { commands, args }: CalledProgram,
  terminal: Terminal,
  call: CommandCall,
): Promise<Command> {
  const program = new Command('overdue')
    .version(packageJson.version)
    .description(
      'Overdue watches scheduled jobs. check, channel, window, snooze, ping, run, apply and export --yaml use the URL and the keys of a project: OVERDUE_URL, OVERDUE_API_KEY, OVERDUE_PING_KEY. The rest is for operators, and uses your own AWS credentials.',
    )
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => terminal.answer(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text) =>
        terminal.note(withoutValue(joinLines(text)).replace(/^error:/, 'overdue:')),
    })
  const called = args.find((arg) => arg !== 'help' && !arg.startsWith('-'))
  for (const { name, description, load } of commands) {
    const command = program.command(name).description(description)
    if (name === called) (await load())(command, terminal, call)
  }
  return program
}

/** What was given to a misspelt option may be a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]+)=.*'/, "$1'")
}
