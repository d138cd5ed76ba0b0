import * as z from 'zod'
import { answerByApi, type ApiOptions } from '../api/connection.ts'
import { type ProjectApi, shaped } from '../api/project-api.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'

/** A check as answers have it. A read-only key sees a unique key in place of UUID and URLs. */
export type ShownCheck = z.output<typeof checkShape>

const escalationShape = z.object({ after: z.number(), channels: z.string() })

const checkShape = z.looseObject({
  name: z.string(),
  slug: z.string(),
  tags: z.string(),
  desc: z.string(),
  status: z.string(),
  timeout: z.number().optional(),
  schedule: z.string().optional(),
  tz: z.string().optional(),
  grace: z.number(),
  last_ping: z.string().nullable(),
  next_ping: z.string().nullable(),
  last_duration: z.number().optional(),
  rules: z.looseObject({ escalate: z.array(escalationShape).optional() }).optional(),
  snoozed_until: z.string().optional(),
  held: z.string().optional(),
  manual_resume: z.boolean().optional(),
  managed_by: z.string().optional(),
  channels: z.string().optional(),
  uuid: z.string().optional(),
  unique_key: z.string().optional(),
  ping_url: z.string().optional(),
})
const checksShape = z.object({ checks: z.array(checkShape) })

/** Which checks are wanted: those with all of the tags, and the slug. */
export type ListedBy = { readonly tag?: readonly string[]; readonly slug?: string }

/** The checks of a project, by the API. */
export class ChecksApi {
  readonly #client: ProjectApi

  constructor(client: ProjectApi) {
    this.#client = client
  }

  async list({ tag = [], slug }: ListedBy = {}): Promise<readonly ShownCheck[]> {
    const query = new URLSearchParams(slug === undefined ? {} : { slug })
    for (const each of tag) query.append('tag', each)
    return shaped(checksShape, await this.#client.ask('GET', `checks/?${query.toString()}`)).checks
  }

  /** @param id a UUID or a unique key */
  read(id: string): Promise<ShownCheck> {
    return this.#check('GET', `checks/${id}`)
  }

  create(fields: object): Promise<ShownCheck> {
    return this.#check('POST', 'checks/', fields)
  }

  change(uuid: string, fields: object): Promise<ShownCheck> {
    return this.#check('POST', `checks/${uuid}`, fields)
  }

  delete(uuid: string): Promise<ShownCheck> {
    return this.#check('DELETE', `checks/${uuid}`)
  }

  pause(uuid: string): Promise<ShownCheck> {
    return this.#check('POST', `checks/${uuid}/pause`, {})
  }

  resume(uuid: string): Promise<ShownCheck> {
    return this.#check('POST', `checks/${uuid}/resume`, {})
  }

  /** @param time `seconds` or `until` */
  snooze(uuid: string, time: object): Promise<ShownCheck> {
    return this.#check('POST', `checks/${uuid}/snooze`, time)
  }

  unsnooze(uuid: string): Promise<ShownCheck> {
    return this.#check('DELETE', `checks/${uuid}/snooze`)
  }

  async #check(...asked: Parameters<ProjectApi['ask']>): Promise<ShownCheck> {
    return shaped(checkShape, await this.#client.ask(...asked))
  }
}

/** Prints the answer of some work with checks. @throws as `answerByApi` does. */
export function answerByChecks(
  terminal: Terminal,
  options: ApiOptions,
  work: (api: ChecksApi, client: ProjectApi) => Promise<CommandAnswer>,
): Promise<void> {
  return answerByApi(terminal, options, (client) => work(new ChecksApi(client), client))
}
