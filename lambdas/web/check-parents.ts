import { type Check, uniqueKeyOf } from '../domain/watching/check.ts'
import { ruleBounds } from '../domain/watching/rule-bounds.ts'
import { FieldError } from '../managing/fields/field-error.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { ProjectCall } from './route.ts'

export type ParentChoiceDeps = { readonly registry: Pick<Registry, 'checks'> }

const FIELD = 'rules.depends_on'
const TOO_MANY = `names more than ${ruleBounds.mostParents} checks`

/**
 * The ids of the checks that a form names as depended on: by names, slugs, or unique keys. The
 * checks of the project are read only where one is named.
 * @throws FieldError for too many names, and for one that is not that of one check
 */
export async function parentsIn(
  { registry }: ParentChoiceDeps,
  { form, project }: ProjectCall,
  before: Check | undefined,
): Promise<readonly string[]> {
  const names = form
    .raw(FIELD)
    .split('\n')
    .map((line) => line.trim())
  const wanted = names.filter((name) => name !== '')
  if (wanted.length === 0) return []
  if (wanted.length > ruleBounds.mostParents)
    throw new FieldError({ path: FIELD.split('.'), words: TOO_MANY })
  const checks = await registry.checks(project.id, () => undefined)
  const known = before?.rules?.dependsOn ?? []
  return wanted.map((name) => parentNamed(name, checks, known))
}

/** Of several of one name, the one that is depended on already is meant. */
function parentNamed(name: string, checks: readonly Check[], known: readonly string[]): string {
  const named = checks.filter((check) => isNamed(check, name))
  const [only, ...others] = named.filter(({ id }) => named.length === 1 || known.includes(id))
  if (only !== undefined && others.length === 0) return only.id
  const words = named.length === 0 ? 'names no check of the project' : 'names several checks'
  throw new FieldError({ path: FIELD.split('.'), words: `${words}: ${name.slice(0, 100)}` })
}

function isNamed({ id, name, slug }: Check, wanted: string): boolean {
  return name.trim() === wanted || slug === wanted || uniqueKeyOf(id) === wanted
}
