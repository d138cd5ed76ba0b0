import { isPlainName } from '../domain/people/plain-name.ts'
import { addKey, type KeyDeps, replaceKey, revokeKey } from '../managing/keys.ts'
import { authorOf, readerOf } from './check-in.ts'
import { type KeysView, keysPage } from './pages/keys.ts'
import { NotHere } from './refused.ts'
import { goTo, respond } from './respond.ts'
import { type ProjectCall, projectPath, type Route } from './route.ts'

export type KeysPageDeps = KeyDeps

const path = '/p/:project/settings/keys'
const grave = { method: 'POST', needs: 'administer', isFresh: true } as const

export const keysRoutes: readonly Route<KeysPageDeps>[] = [
  { method: 'GET', path, needs: 'administer', act: (deps, call) => show(deps, call, {}) },
  { ...grave, path: `${path}/add`, act: add },
  { ...grave, path: `${path}/replace`, act: replace },
  { ...grave, path: `${path}/revoke`, act: revoke },
]

type Told = Pick<KeysView, 'handed' | 'errors' | 'name'>

async function show(deps: KeysPageDeps, call: ProjectCall, told: Told): Promise<Response> {
  const { project } = call
  const keys = await deps.apiKeys.of(project.id)
  const page = keysPage({ project, keys, reader: readerOf(call), ...told })
  return respond(call, page, told.errors === undefined ? 200 : 422)
}

/** The answer holds the new key, so it is the page itself: nobody can ask for it again. */
async function add(deps: KeysPageDeps, call: ProjectCall): Promise<Response> {
  const { form, project } = call
  const name = form.text('name')
  const access = form.text('access') === 'read-only' ? 'read-only' : 'read-write'
  if (!isPlainName(name)) return show(deps, call, { name, errors: { name: wordsOf('unnamed') } })
  const made = await addKey(deps, authorOf(call), { projectId: project.id, name, access })
  if ('refusal' in made) return show(deps, call, { name, errors: { name: wordsOf(made.refusal) } })
  return show(deps, call, { handed: made })
}

async function replace(deps: KeysPageDeps, call: ProjectCall): Promise<Response> {
  const made = await replaceKey(deps, authorOf(call), placeIn(call))
  if ('refusal' in made) throw new NotHere()
  return show(deps, call, { handed: made })
}

async function revoke(deps: KeysPageDeps, call: ProjectCall): Promise<Response> {
  const outcome = await revokeKey(deps, authorOf(call), placeIn(call))
  if ('refusal' in outcome && outcome.refusal === 'last')
    return show(deps, call, { errors: { name: wordsOf('last') } })
  return goTo(call, projectPath(call.project, 'settings/keys'))
}

function placeIn({ form, project }: ProjectCall) {
  return { projectId: project.id, id: form.text('id') }
}

function wordsOf(refusal: 'unnamed' | 'missing' | 'name-taken' | 'full' | 'last'): string {
  switch (refusal) {
    case 'unnamed':
      return 'A key needs a name, one line of 1 to 100 characters, so that you know it later.'
    case 'name-taken':
      return 'Another key has this name.'
    case 'full':
      return 'The project has as many keys as it may: revoke one first.'
    case 'last':
      return 'The last key stays: add another one before you revoke it.'
    case 'missing':
      return 'The project is gone.'
  }
}
