import type { SyncDeps } from './deps.ts'

/** The ping keys of projects. Each project is read once, and again where that failed. */
export class PingKeys {
  readonly #registry: Pick<SyncDeps['registry'], 'project'>
  readonly #found = new Map<string, Promise<string | undefined>>()

  constructor(registry: Pick<SyncDeps['registry'], 'project'>) {
    this.#registry = registry
  }

  async of(projectId: string): Promise<string | undefined> {
    const found = this.#found.get(projectId) ?? this.#read(projectId)
    this.#found.set(projectId, found)
    return found
  }

  async #read(projectId: string): Promise<string | undefined> {
    try {
      return (await this.#registry.project(projectId))?.pingKey
    } catch (error) {
      this.#found.delete(projectId)
      throw error
    }
  }
}
