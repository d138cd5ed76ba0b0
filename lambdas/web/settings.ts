import { isPlainName } from '../domain/people/plain-name.ts'
import { renameProject, type RenameProjectDeps } from '../managing/rename-project.ts'
import { authorOf } from './check-in.ts'
import { settingsPage } from './pages/settings.ts'
import { goTo, respond } from './respond.ts'
import { type ProjectCall, projectPath, type Route } from './route.ts'

export type SettingsDeps = RenameProjectDeps

const path = '/p/:project/settings'

export const settingsRoutes: readonly Route<SettingsDeps>[] = [
  { method: 'GET', path, needs: 'administer', act: showSettings },
  { method: 'POST', path, needs: 'administer', act: rename },
]

function showSettings(_: SettingsDeps, call: ProjectCall): Promise<Response> {
  return Promise.resolve(respond(call, settingsPage(call)))
}

async function rename(deps: SettingsDeps, call: ProjectCall): Promise<Response> {
  const { project, form } = call
  const name = form.text('name')
  if (!isPlainName(name)) return refuse(call, name, 'A name is one line of 1 to 100 characters.')
  const outcome = await renameProject(deps, authorOf(call), { project, name })
  if (outcome === 'changed')
    return refuse(call, name, 'Somebody else changed the name meanwhile: look at it again.')
  return goTo(call, projectPath(project, 'settings'))
}

function refuse(call: ProjectCall, name: string, error: string): Response {
  return respond(call, settingsPage({ ...call, name, error }), 422)
}
