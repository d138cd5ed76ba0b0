import type { Command } from 'commander'
import { answerByApi, type ApiOptions, apiOption } from './api/connection.ts'
import { exportProject, type ExportProjectOptions } from './apply/export-project.ts'
import { exportAll, type ExportOptions } from './backup/export.ts'
import type { Terminal } from './command-answer.ts'
import { plainName } from './options.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

type ExportCommandOptions = Options &
  ApiOptions &
  ExportOptions &
  ExportProjectOptions & { readonly yaml?: true }

/** Writes a whole deployment for a restore, or one project for `overdue apply`. */
export function addExportCommand(save: Command, terminal: Terminal): void {
  save
    .option('--out <file>', 'write to this file, which only you may read, instead of the terminal')
    .option('--yaml', 'write the project of an API key instead, as a file for overdue apply')
    .option('--project <name>', 'with --yaml: what the file is called', plainName)
    .addOption(apiOption())
  withTarget(save).action((options: ExportCommandOptions) =>
    options.yaml === true
      ? answerByApi(terminal, options, (api) => exportProject(api, options, terminal))
      : answerOn(terminal, options, (deployment) => exportAll(deployment, options, terminal)),
  )
}
