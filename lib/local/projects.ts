import { randomBytes } from 'node:crypto'
import { createProject, type CreateProjectDeps } from '../../lambdas/managing/create-project.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { NewProject } from '../../lambdas/domain/people/new-project.ts'
import type { DataFolder, KeptProject } from './data/data-folder.ts'
import type { LocalSettings } from './settings.ts'
import { StartError } from './start-error.ts'

/** Makes the projects of the local stack, as the operator's command makes them. */
export class LocalProjects {
  readonly #stores: Pick<CreateProjectDeps, 'registry' | 'lookups' | 'audits'>
  readonly #clock: CreateProjectDeps['clock']

  constructor(
    stores: Pick<CreateProjectDeps, 'registry' | 'lookups' | 'audits'>,
    clock: CreateProjectDeps['clock'],
  ) {
    this.#stores = stores
    this.#clock = clock
  }

  /**
   * The first project: as the data folder has kept it, or made with the keys of the environment.
   * @throws StartError when the two differ.
   */
  async first(
    { keys, email }: LocalSettings,
    folder: DataFolder | undefined,
  ): Promise<KeptProject> {
    const kept = await folder?.readProject()
    if (kept !== undefined)
      return agreed(kept, { ...keys, ...(email === undefined ? {} : { email }) })
    const project = await this.#create({
      name: 'First project',
      email: email ?? 'ops@example.com',
      keys,
    })
    if (project === 'key-taken')
      throw new StartError(
        'OVERDUE_DATA has a project with one of the given keys; give others, or another folder',
      )
    await folder?.writeProject(project)
    return project
  }

  /** Makes a further project, with an address of its own. */
  async further(name: string): Promise<KeptProject> {
    const project = await this.#create({
      name,
      email: `project-${randomBytes(6).toString('hex')}@example.com`,
    })
    if (project === 'key-taken') throw new Error('a new key was taken already')
    return project
  }

  async #create(wanted: NewProject): Promise<KeptProject | 'key-taken'> {
    const deps = { ...this.#stores, clock: this.#clock, random }
    const by = { actor: { kind: 'operator' }, requestId: random.uuid() } as const
    const created = await createProject(deps, wanted, by)
    if (created === 'key-taken') return created
    const { project, channel, apiKey, apiKeyReadonly, pingKey } = created
    return { id: project.id, apiKey, apiKeyReadonly, pingKey, email: channel.address }
  }
}

const variables = {
  apiKey: 'OVERDUE_API_KEY',
  apiKeyReadonly: 'OVERDUE_API_KEY_READONLY',
  pingKey: 'OVERDUE_PING_KEY',
  email: 'OVERDUE_EMAIL',
} as const

function agreed(
  kept: KeptProject,
  given: Partial<Record<keyof typeof variables, string>>,
): KeptProject {
  for (const name of Object.keys(variables) as (keyof typeof variables)[]) {
    if (given[name] === undefined || given[name] === kept[name]) continue
    throw new StartError(
      `${variables[name]} takes what the project in OVERDUE_DATA was made with; leave it out, or give another folder`,
    )
  }
  return kept
}
