import { CommanderError } from 'commander'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import { printableJson } from './printable.ts'

/** What some work needs to be answered. */
export type Answering = {
  readonly terminal: Terminal
  readonly isJson: boolean
  /** One line that says what went wrong and what to do about it. */
  readonly explain: (error: unknown) => string
}

/**
 * Prints the answer of some work. @throws CommandFailure when the work failed, in whole or in part,
 * and CommanderError when it was asked for wrongly, which is noted by then.
 */
export async function answerWith(
  { terminal, isJson, explain }: Answering,
  work: () => Promise<CommandAnswer>,
): Promise<void> {
  try {
    const { text, json, failure } = await work()
    terminal.answer(isJson ? printableJson(json) : text)
    if (failure !== undefined) throw new Error(failure)
  } catch (error) {
    if (error instanceof CommanderError) throw error
    throw new CommandFailure(explain(error), { cause: error })
  }
}

/** A failure of the work itself, in words for the person who asked for it. */
export class CommandFailure extends Error {}
