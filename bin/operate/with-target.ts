import { type Command, Option } from 'commander'
import { DEFAULT_NAME } from '../../lib/settings.ts'
import { answerWith } from './answering.ts'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import { explanationOf } from './messages.ts'
import { DEFAULT_LOCAL_URL, localUrl, regionName } from './options.ts'
import { type Deployment, findDeployment, type Target } from './target.ts'

/** What every command on a deployment takes. */
export type Options = Target & { readonly json?: true }

export function withTarget(command: Command): Command {
  return command
    .option('--stack <name>', 'the CloudFormation stack of the deployment', DEFAULT_NAME)
    .option(
      '--region <region>',
      'its AWS region; without it, what your AWS configuration says',
      regionName,
    )
    .addOption(
      new Option('--local [url]', 'work on a local stack, which npm start runs, instead of AWS')
        .preset(DEFAULT_LOCAL_URL)
        .argParser(localUrl),
    )
    .option('--json', 'answer in JSON')
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
