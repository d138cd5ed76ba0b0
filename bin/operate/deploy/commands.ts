import type { Command } from 'commander'
import { readSettings, SettingError, settingTakes } from '../../../lib/settings.ts'
import { CommandFailure } from '../answering.ts'
import type { Terminal } from '../command-answer.ts'
import type { GivenSettings } from './cdk.ts'
import { deployStack } from './deploy.ts'
import { synthesizeStack } from './synth.ts'

export function addDeployCommand(deploy: Command): void {
  withSettings(deploy)
    .argument('[words...]', 'what the CDK takes besides, behind --, as --require-approval never')
    .action((words: readonly string[], given: GivenSettings) => deployStack(checked(given), words))
}

export function addSynthCommand(synth: Command, terminal: Terminal): void {
  withSettings(synth)
    .option(
      '--out <folder>',
      'write the whole assembly there, with an archive of each function, instead of printing the template',
    )
    .action(({ out, ...given }: GivenSettings) =>
      synthesizeStack(checked(given), { out, terminal }),
    )
}

/** An option for each setting: `--log-days 30` is what `-c logDays=30` is to the CDK. */
function withSettings(command: Command): Command {
  for (const [name, takes] of Object.entries(settingTakes))
    command.option(`--${kebabOf(name)} <value>`, takes)
  return command
}

function kebabOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** @throws CommandFailure about the first that is missing or malformed. */
function checked(given: GivenSettings): GivenSettings {
  try {
    const { name: _, ...settings } = given
    readSettings(settings)
    return given
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    throw new CommandFailure(error.message, { cause: error })
  }
}
