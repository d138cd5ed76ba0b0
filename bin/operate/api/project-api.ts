import * as z from 'zod'
import { causeOf, isUnreachable } from '../messages.ts'
import { saidOf } from './said.ts'

export type ApiMethod = 'GET' | 'POST' | 'DELETE'

/** A new account of AWS runs ten functions at a time, and refuses the rest. */
export const requestsAtOnce = 8

const TIMEOUT_MS = 30_000

/** Asks the API of a deployment, with the key of one project. No error holds what was sent. */
export class ProjectApi {
  readonly #root: string
  readonly #apiKey: string

  /** @param root with a slash at its end, as all versions of the API have it */
  constructor(root: string, apiKey: string) {
    this.#root = root
    this.#apiKey = apiKey
  }

  /**
   * The answer of the API, read as JSON.
   * @param path behind the root, such as `checks/`
   * @throws where there is none, or it is a refusal
   */
  async ask(method: ApiMethod, path: string, json?: object): Promise<unknown> {
    const response = await this.#fetch(method, `${this.#root}${path}`, json)
    const body: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw new Error(refusal(method, response, body))
    return body
  }

  /** The answer to a GET as text. @throws as `ask` does */
  async askText(path: string): Promise<string> {
    const response = await this.#fetch('GET', `${this.#root}${path}`, undefined)
    const text = await response.text()
    if (!response.ok) throw new Error(refusal('GET', response, parsedJson(text)))
    return text
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

/** An answer as it is described. @throws where it is otherwise. */
export function shaped<T>(shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer)
  if (!parsed.success) throw new Error("what answers is not Overdue's API; look at OVERDUE_URL")
  return parsed.data
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPerhapsDone(method: string, error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return method !== 'GET' && !(cause instanceof Error && isUnreachable(cause))
}

function refusal(method: ApiMethod, { status, headers }: Response, body: unknown): string {
  if (status >= 300 && status < 400)
    return `the API redirects to ${headers.get('location') ?? 'nowhere'}; set OVERDUE_URL to where it leads`
  if (status === 401) return `the API refuses the key; ${keyWanted(method)}`
  return `the API answers ${status}: ${saidOf(body) ?? 'nothing that Overdue says'}`
}

function keyWanted(method: ApiMethod): string {
  return method === 'GET'
    ? 'set OVERDUE_API_KEY to an API key of the project; channels and logs need the read-write key'
    : 'set OVERDUE_API_KEY to the read-write key of the project'
}
