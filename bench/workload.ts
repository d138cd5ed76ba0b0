import { inGroups } from '../lambdas/runtime/groups.ts'
import type { LocalStack, Project } from './local-stack.ts'

const CREATIONS_AT_ONCE = 8

/**
 * Makes checks through the API, and answers with their UUIDs. Hourly with an hour of grace, unless
 * the fields say otherwise.
 */
export async function makeChecks(
  stack: Pick<LocalStack, 'base'>,
  project: Pick<Project, 'apiKey'>,
  count: number,
  fields: object = {},
): Promise<readonly string[]> {
  const headers = { 'X-Api-Key': project.apiKey }
  return inGroups([...Array(count).keys()], CREATIONS_AT_ONCE, async (index) => {
    const body = JSON.stringify({
      name: `job ${index}`,
      timeout: 3600,
      grace: 3600,
      channels: '*',
      ...fields,
    })
    const response = await fetch(`${stack.base}/api/v3/checks/`, { method: 'POST', headers, body })
    if (response.status !== 201)
      throw new Error(`creating a check answered ${response.status}: ${await response.text()}`)
    return ((await response.json()) as { readonly uuid: string }).uuid
  })
}

/** Pings as curl does, so many at a time. @throws when one is not answered with OK */
export async function pingAll(
  stack: LocalStack,
  checks: readonly string[],
  atOnce: number,
): Promise<void> {
  const headers = { 'user-agent': 'curl/8.5.0' }
  await inGroups(checks, atOnce, async (check) => {
    const response = await fetch(`${stack.base}/ping/${check}`, { headers })
    const text = await response.text()
    if (response.status !== 200 || text !== 'OK')
      throw new Error(`a ping answered ${response.status}: ${text}`)
  })
}
