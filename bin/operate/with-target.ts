import type { Command } from 'commander'
import { answerWith } from './answering.ts'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import { explanationOf } from './messages.ts'
import { type Target, withPlace } from './place-options.ts'
import { type Deployment, findDeployment } from './target.ts'

/** What every command on a deployment takes. */
export type Options = Target & { readonly json?: true }

export function withTarget(command: Command): Command {
  return withPlace(command).option('--json', 'answer in JSON')
}

/** Prints what comes of some work on a deployment. */
export async function answerOn(
  terminal: Terminal,
  options: Options,
  work: (deployment: Deployment) => Promise<CommandAnswer>,
): Promise<void> {
  const explain = (error: unknown) => explanationOf(error, options)
  return answerWith({ terminal, isJson: options.json === true, explain }, async () =>
    work(await findDeployment(options)),
  )
}
