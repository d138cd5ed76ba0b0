import * as z from 'zod'
import { causeOf, isUnreachable } from '../messages.ts'

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

const TIMEOUT_MS = 30_000

/** The channels of a project, by the API. No error holds what was sent. */
export class ChannelsApi {
  readonly #root: string
  readonly #apiKey: string

  /** @param root with a slash at its end, as all versions of the API have it */
  constructor(root: string, apiKey: string) {
    this.#root = root
    this.#apiKey = apiKey
  }

  async list(): Promise<readonly ListedChannel[]> {
    return read(listShape, await this.#ask('GET', 'channels/')).channels
  }

  async read(id: string): Promise<ShownChannel> {
    return read(channelShape, await this.#ask('GET', `channels/${id}`))
  }

  async create(fields: object): Promise<CreatedChannel> {
    return read(createdShape, await this.#ask('POST', 'channels/', fields))
  }

  async renewSecret(id: string): Promise<CreatedChannel> {
    return read(createdShape, await this.#ask('POST', `channels/${id}/secret`, {}))
  }

  /** Has a test sent. */
  async test(id: string, status: string | undefined): Promise<void> {
    await this.#ask('POST', `channels/${id}/test`, status === undefined ? {} : { status })
  }

  async delete(id: string): Promise<void> {
    await this.#ask('DELETE', `channels/${id}`)
  }

  async #ask(method: string, path: string, json?: object): Promise<unknown> {
    const response = await this.#fetch(method, `${this.#root}${path}`, json)
    const body: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw new Error(refusal(response, body))
    return body
  }

  /** A redirect is not followed: it could carry the key to somebody else. */
  async #fetch(method: string, url: string, json: object | undefined): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        headers: { 'X-Api-Key': this.#apiKey },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
    } catch (error) {
      const hint = isPerhapsDone(method, error) ? '; whether it is done is not known' : ''
      throw new Error(`${url} gives no answer: ${causeOf(error)}${hint}`, { cause: error })
    }
  }
}

function isPerhapsDone(method: string, error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return method !== 'GET' && !(cause instanceof Error && isUnreachable(cause))
}

function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body)
  if (!parsed.success) throw new Error("what answers is not Overdue's API; look at OVERDUE_URL")
  return parsed.data
}

const refusalShape = z.object({ error: z.string() })

function refusal({ status, headers }: Response, body: unknown): string {
  if (status >= 300 && status < 400)
    return `the API redirects to ${headers.get('location') ?? 'nowhere'}; set OVERDUE_URL to where it leads`
  const said = refusalShape.safeParse(body).data?.error ?? 'nothing that Overdue says'
  return status === 401
    ? `the API refuses the key (${said}); set OVERDUE_API_KEY to the read-write key of the project`
    : `the API answers ${status}: ${said}`
}
