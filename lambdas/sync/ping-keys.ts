import type { SyncDeps } from './deps.ts'

/** The ping keys of projects, each project read once. */
export class PingKeys {
  readonly #registry: Pick<SyncDeps['registry'], 'project'>
  readonly #found = new Map<string, Promise<string | undefined>>()

  constructor(registry: Pick<SyncDeps['registry'], 'project'>) {
    this.#registry = registry
  }

  async of(projectId: string): Promise<string | undefined> {
    const found = this.#found.get(projectId) ?? this.#registry.project(projectId).then((project) => project?.pingKey)
    this.#found.set(projectId, found)
    return found
  }
}
