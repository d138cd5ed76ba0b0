import { oneLine } from '../../../lambdas/domain/wire/plain-text.ts'
import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'
import type { ChecksApi, ShownCheck } from './api.ts'

/** A check that may be changed: the key shows its UUID. */
export type OwnCheck = ShownCheck & { readonly uuid: string }

/**
 * The check of a UUID, a slug, or a unique key, which stands for a check without a slug where the
 * key is read-only.
 * @throws where there is none, or several have the slug
 */
export async function checkNamed(api: ChecksApi, wanted: string): Promise<ShownCheck> {
  if (parseUuid(wanted) !== undefined) return api.read(wanted)
  const [check, ...others] = await api.list({ slug: wanted })
  if (check === undefined) {
    if (/^[0-9a-f]{40}$/.test(wanted)) return api.read(wanted)
    throw new Error(`there is no check ${wanted}; overdue check list shows all`)
  }
  if (others.length === 0) return check
  const ids = [check, ...others].map(({ uuid, unique_key: key }) => uuid ?? key)
  throw new Error(`several checks have the slug ${wanted}; name one of them: ${ids.join(', ')}`)
}

/** The same to change it. @throws as well where the key only reads */
export async function ownCheckNamed(api: ChecksApi, wanted: string): Promise<OwnCheck> {
  const check = await checkNamed(api, wanted)
  const { uuid } = check
  if (uuid === undefined)
    throw new Error(
      'the key is read-only; set OVERDUE_API_KEY to the read-write key of the project',
    )
  return { ...check, uuid }
}

/** How a command names the check. */
export function handleOf({ slug, uuid, unique_key: key }: ShownCheck): string {
  return slug || (uuid ?? key ?? '')
}

/** A check in a sentence. */
export function checkInWords(check: ShownCheck): string {
  const handle = handleOf(check)
  return check.name === '' ? `check ${handle}` : `check "${oneLine(check.name)}" (${handle})`
}
