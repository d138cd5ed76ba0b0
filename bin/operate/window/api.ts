import * as z from 'zod'
import { answerByApi, type ApiOptions } from '../api/connection.ts'
import { type ProjectApi, shaped } from '../api/project-api.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'

export type ShownWindow = z.output<typeof windowShape>

const windowShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  tags: z.string(),
  seconds: z.number(),
  next_start: z.string().nullable(),
  next_end: z.string().nullable(),
  managed_by: z.string().optional(),
})
const windowsShape = z.object({ windows: z.array(windowShape) })

/** The maintenance windows of a project, by the API. */
export class WindowsApi {
  readonly #client: ProjectApi

  constructor(client: ProjectApi) {
    this.#client = client
  }

  async list(): Promise<readonly ShownWindow[]> {
    return shaped(windowsShape, await this.#client.ask('GET', 'windows/')).windows
  }

  create(fields: object): Promise<ShownWindow> {
    return this.#window('POST', 'windows/', fields)
  }

  change(id: string, fields: object): Promise<ShownWindow> {
    return this.#window('POST', `windows/${id}`, fields)
  }

  delete(id: string): Promise<ShownWindow> {
    return this.#window('DELETE', `windows/${id}`)
  }

  async #window(...asked: Parameters<ProjectApi['ask']>): Promise<ShownWindow> {
    return shaped(windowShape, await this.#client.ask(...asked))
  }
}

/** Prints the answer of some work with windows. @throws as `answerByApi` does. */
export function answerByWindows(
  terminal: Terminal,
  options: ApiOptions,
  work: (api: WindowsApi) => Promise<CommandAnswer>,
): Promise<void> {
  return answerByApi(terminal, options, (client) => work(new WindowsApi(client)))
}

/** Windows as the API's answers have them, whoever has asked for them. */
export function readWindows(answers: readonly object[]): readonly ShownWindow[] {
  return shaped(windowsShape, { windows: answers }).windows
}
