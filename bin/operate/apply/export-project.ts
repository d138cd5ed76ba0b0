import { existsSync } from 'node:fs'
import type { ProjectApi } from '../api/project-api.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { writePrivate } from '../private-file.ts'
import { fileOf } from './file-of-project.ts'
import { readProject } from './project.ts'

export type ExportProjectOptions = { readonly project?: string; readonly out?: string }

/**
 * Writes what a project has as a file for `overdue apply`. What such a file can't have, because it
 * has no name of its own there, is told and fails the command.
 * @throws where the file is there already
 */
export async function exportProject(
  api: ProjectApi,
  { project: name, out }: ExportProjectOptions,
  terminal: Terminal,
): Promise<CommandAnswer> {
  if (out !== undefined && existsSync(out))
    throw new Error(`${out} is there already, perhaps with words of yours; name another file`)
  const { text, variables, nameless } = fileOf(await readProject(api), name)
  if (variables.length > 0)
    terminal.note(
      `overdue: these variables stand for secrets, set them where you apply it: ${variables.join(', ')}`,
    )
  if (out !== undefined) await writePrivate(out, text)
  const failure =
    nameless.length === 0
      ? {}
      : {
          failure: `these have no name of their own, or checks no slug, and are left out: ${nameless.join(', ')}`,
        }
  return {
    text: out === undefined ? text.trimEnd() : `The project is written to ${out}.`,
    json: { ...(out === undefined ? { yaml: text } : { file: out }), variables, nameless },
    ...failure,
  }
}
