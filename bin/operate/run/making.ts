import { saidOf } from '../api/said.ts'
import { ask } from './asked.ts'
import { apiRootOf, type CheckDefinition } from './destination.ts'
import type { RunSettings } from './settings.ts'

/** What a list of checks by a slug may have: some are many, and none is much. */
const MOST_BYTES = 1_000_000
const TIMEOUT_MS = 10_000

/**
 * Has the API make a check of this slug that tells all channels, or change the one that is there to
 * what is wanted. One that is so already is left alone.
 * @throws with what the API says, and where a file or a database keeps a check that is otherwise
 */
export async function makeWantedCheck(
  { slug, definition }: { readonly slug: string; readonly definition: CheckDefinition },
  settings: RunSettings,
): Promise<void> {
  const root = apiRootOf(settings)
  const { apiKey } = settings
  if (apiKey === undefined)
    throw new Error('a check is made with the API key of its project; set OVERDUE_API_KEY')
  const { checks = [] } = (await call('GET', `checks/?slug=${slug}`)) as { checks?: unknown }
  const [there] = Array.isArray(checks) ? (checks as readonly Record<string, unknown>[]) : []
  const wanted = fieldsOf(definition)
  if (
    there !== undefined &&
    Object.entries(wanted).every(([field, value]) => there[field] === value)
  )
    return
  const keeper = there?.['managed_by']
  if (typeof keeper === 'string')
    throw new Error(`it is managed by ${keeper}, which says what it is`)
  const first = there === undefined ? { name: slug, channels: '*' } : {}
  await call('POST', 'checks/', { ...first, slug, ...wanted, unique: ['slug'] })

  async function call(method: 'GET' | 'POST', path: string, fields?: object): Promise<unknown> {
    const { status, text } = await ask(new URL(path, root), {
      method,
      headers: { 'X-Api-Key': apiKey ?? '' },
      ...(fields !== undefined && { body: Buffer.from(JSON.stringify(fields)) }),
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
    })
    const answer = parsed(text)
    if (status < 300) return answer
    const said = saidOf(answer)
    throw new Error(`the API answers ${status}${said === undefined ? '' : `: ${said}`}`)
  }
}

/** As the API has them. */
function fieldsOf({ schedule, tz, graceSeconds }: CheckDefinition): Record<string, unknown> {
  return {
    ...(typeof schedule === 'number' && { timeout: schedule }),
    ...(typeof schedule === 'string' && { schedule }),
    ...(tz !== undefined && { tz }),
    ...(graceSeconds !== undefined && { grace: graceSeconds }),
  }
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}
