import type { Command } from 'commander'
import type { CommandCall, Terminal } from './command-answer.ts'

/** Gives a command its options, its parts and what it does. */
export type Furnish = (command: Command, terminal: Terminal, call: CommandCall) => void

/**
 * A command by its name and what it is for. The rest, with all that it needs, is loaded when the
 * command is called: `overdue --version` starts as quickly as Node.
 */
export type DeclaredCommand = {
  readonly name: string
  readonly description: string
  readonly load: () => Promise<Furnish>
}
