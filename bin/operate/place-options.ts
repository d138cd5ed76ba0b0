import { type Command, Option } from 'commander'
import { DEFAULT_NAME } from '../../lib/settings.ts'
import { DEFAULT_LOCAL_URL, localUrl, regionName } from './options.ts'

/** Which deployment to work on: a stack of AWS, or the local stack at a URL. */
export type Target = { readonly stack: string; readonly region?: string; readonly local?: string }

/** The options that say so. */
export function withPlace(command: Command): Command {
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
}
