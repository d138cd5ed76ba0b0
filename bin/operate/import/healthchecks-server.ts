import { z } from 'zod'
import { causeOf } from '../messages.ts'

const TIMEOUT_MS = 30_000
const versions = ['v3', 'v2', 'v1'] as const
const refusals: readonly number[] = [401, 403]

const answerShape = z.object({ checks: z.array(z.unknown()) })

/** A project on a running Healthchecks server. */
export type HealthchecksSource = { readonly url: string; readonly apiKey: string }

/**
 * All checks of the project, as the server answers with them. The version of the API is that of the
 * URL, or else the newest one that the server has.
 * @throws when the server doesn't answer as Healthchecks does, or the key can't read ping URLs.
 */
export async function fetchChecks({
  url,
  apiKey,
}: HealthchecksSource): Promise<readonly unknown[]> {
  const [, root = '', named] = /^(.*?)(?:\/api\/(v[123]))?\/*$/.exec(url) ?? []
  for (const version of named === undefined ? versions : [named]) {
    const response = await ask(`${root}/api/${version}/checks/`, apiKey)
    if (response.status === 404) continue
    return checksIn(response)
  }
  throw new Error(`there is no API of Healthchecks at ${root}/api/`)
}

/** Redirects aren't followed, because they could carry the key to somebody else. */
async function ask(address: string, apiKey: string): Promise<Response> {
  try {
    const headers = { 'X-Api-Key': apiKey, accept: 'application/json' }
    return await fetch(address, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new Error(`${address} could not be reached: ${causeOf(error)}`, { cause: error })
  }
}

async function checksIn(response: Response): Promise<readonly unknown[]> {
  const where = response.url
  if (refusals.includes(response.status))
    throw new Error(
      `${where} refuses the API key; give the read-write key of the project as --api-key`,
    )
  if (response.status >= 300 && response.status < 400) {
    throw new Error(
      `${where} redirects to ${response.headers.get('location') ?? 'nowhere'}; give the address without redirects as --url`,
    )
  }
  if (response.status !== 200) throw new Error(`${where} answered ${response.status}`)
  const parsed = answerShape.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw new Error(`${where} did not answer with checks, as Healthchecks does`)
  if (parsed.data.checks.some(isWithoutAddress)) {
    throw new Error(
      'the API key is a read-only one, which shows no ping URLs; give the read-write key of the project as --api-key',
    )
  }
  return parsed.data.checks
}

/** Whether a check lacks its ping URL: read-only keys show a hash in its place. */
function isWithoutAddress(check: unknown): boolean {
  return (
    typeof check === 'object' && check !== null && 'unique_key' in check && !('ping_url' in check)
  )
}
