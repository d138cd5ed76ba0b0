import * as z from 'zod'
import { type ProjectApi, shaped } from '../api/project-api.ts'
import { answerByApi, type ApiOptions } from '../api/connection.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'

/** A channel as a list has it. */
export type ListedChannel = z.output<typeof listedShape>
/** A channel as far as this command tells of it: what its kind sends where is left out. */
export type ShownChannel = z.output<typeof channelShape>
/** A channel with a secret that no later answer has, where its requests are signed. */
export type CreatedChannel = z.output<typeof createdShape>
/** What came of the last test or alert. A channel that took it may say something all the same. */
export type LastDelivery = NonNullable<ShownChannel['last_delivery']>

const listedShape = z.object({ id: z.string(), name: z.string(), kind: z.string() })
const listShape = z.object({ channels: z.array(listedShape) })
const channelShape = listedShape.extend({
  on: z.array(z.string()).default([]),
  verified: z.boolean().optional(),
  signed: z.boolean().optional(),
  last_delivery: z
    .object({
      at: z.string(),
      status: z.enum(['sent', 'waiting', 'failed']),
      error: z.string().nullable(),
    })
    .nullable(),
})
const createdShape = channelShape.extend({ signing_secret: z.string().optional() })

/** The channels of a project, by the API. */
export class ChannelsApi {
  readonly #client: ProjectApi

  constructor(client: ProjectApi) {
    this.#client = client
  }

  async list(): Promise<readonly ListedChannel[]> {
    return shaped(listShape, await this.#client.ask('GET', 'channels/')).channels
  }

  async read(id: string): Promise<ShownChannel> {
    return shaped(channelShape, await this.#client.ask('GET', `channels/${id}`))
  }

  async create(fields: object): Promise<CreatedChannel> {
    return shaped(createdShape, await this.#client.ask('POST', 'channels/', fields))
  }

  async renewSecret(id: string): Promise<CreatedChannel> {
    return shaped(createdShape, await this.#client.ask('POST', `channels/${id}/secret`, {}))
  }

  /** Has a test sent. */
  async test(id: string, status: string | undefined): Promise<void> {
    await this.#client.ask('POST', `channels/${id}/test`, status === undefined ? {} : { status })
  }

  async delete(id: string): Promise<void> {
    await this.#client.ask('DELETE', `channels/${id}`)
  }
}

/** Prints the answer of some work with channels. @throws as `answerByApi` does. */
export function answerByChannels(
  terminal: Terminal,
  options: ApiOptions,
  work: (api: ChannelsApi) => Promise<CommandAnswer>,
): Promise<void> {
  return answerByApi(terminal, options, (client) => work(new ChannelsApi(client)))
}
