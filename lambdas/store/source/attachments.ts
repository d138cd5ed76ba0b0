import * as z from 'zod'
import type { Database } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import { directoryPartition, directoryPrefix, registryKeys } from '../keys.ts'

/** A project that a source may write, and what the source calls it. */
export type Attachment = { readonly projectId: string; readonly name: string }

const entryShape = z.object({ projectId: z.string(), sourceName: z.string().optional() })

/**
 * Which projects a source may write. That is noted where the projects are listed: one query finds
 * all, and a project that is deleted takes it along.
 */
export class Attachments {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** All of them, in the order of the projects' ids. */
  async all(): Promise<readonly Attachment[]> {
    const query = {
      table: this.#table,
      where: 'pk = :partition AND begins_with(sk, :prefix)',
      values: { ':partition': directoryPartition, ':prefix': directoryPrefix },
      isCurrent: true,
    }
    return (await allOf(this.#database.query(query))).flatMap((item) => {
      const { projectId, sourceName } = entryShape.parse(item)
      return sourceName === undefined ? [] : [{ projectId, name: sourceName }]
    })
  }

  /**
   * Lets the source write a project, under a name that no other project has there. Two at the same
   * time may take one name, of which the mirror uses the first.
   */
  async attach({ projectId, name }: Attachment): Promise<'attached' | 'missing' | 'name-taken'> {
    const others = await this.all()
    if (others.some((other) => other.name === name && other.projectId !== projectId))
      return 'name-taken'
    const change = { update: 'SET sourceName = :name', values: { ':name': name } }
    return (await this.#write(projectId, change)) ? 'attached' : 'missing'
  }

  /** Lets the source write a project no more. */
  async detach(projectId: string): Promise<'detached' | 'missing'> {
    const isWritten = await this.#write(projectId, { update: 'REMOVE sourceName' })
    return isWritten ? 'detached' : 'missing'
  }

  async #write(
    projectId: string,
    change: { readonly update: string; readonly values?: Readonly<Record<string, string>> },
  ): Promise<boolean> {
    const { isWritten } = await this.#database.update({
      table: this.#table,
      key: registryKeys.directory(projectId),
      condition: 'attribute_exists(pk)',
      ...change,
    })
    return isWritten
  }
}
