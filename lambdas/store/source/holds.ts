import * as z from 'zod'
import { type DeletionHold, holdCauses } from '../../domain/mirroring/fault.ts'
import { type Losses, noLosses, withLoss } from '../../domain/mirroring/losses.ts'
import type { Database, Write } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { mirrorKeys } from '../keys.ts'

/** The losses of a project as they were read. The revision grows by one with every write. */
export type KnownLosses = { readonly losses: Losses; readonly revision: number }

const lossesShape = z.object({
  losses: z.record(z.string(), z.number()),
  revision: z.number(),
})

const holdShape = z.object({ at: z.number(), why: z.enum(holdCauses) })

/** What keeps the mirror from deleting what nobody meant to delete. */
export class Holds {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The projects of which nothing is deleted. */
  async all(): Promise<readonly DeletionHold[]> {
    const at = { table: this.#table, key: mirrorKeys.holds, isCurrent: true }
    const { key: _, ...holds } = (await this.#database.get(at)) ?? {}
    return Object.entries(holds).map(([projectId, hold]) => ({
      projectId,
      ...holdShape.parse(hold),
    }))
  }

  async hold({ projectId, ...hold }: DeletionHold): Promise<void> {
    const at = { table: this.#table, key: mirrorKeys.holds, names: { '#project': projectId } }
    const change = { update: 'SET #project = :hold', values: { ':hold': hold } }
    await this.#database.update({ ...at, ...change })
  }

  /** Lets the mirror delete again, and forgets what went before. */
  async release(projectId: string): Promise<void> {
    await this.#database.delete({ table: this.#table, key: mirrorKeys.losses(projectId) })
    const at = { table: this.#table, key: mirrorKeys.holds, names: { '#project': projectId } }
    await this.#database.update({ ...at, update: 'REMOVE #project' })
  }

  async losses(projectId: string): Promise<KnownLosses> {
    const at = { table: this.#table, key: mirrorKeys.losses(projectId), isCurrent: true }
    const item = await this.#database.get(at)
    return item === undefined ? { losses: noLosses, revision: 0 } : lossesShape.parse(item)
  }

  /**
   * Counts a loss at an instant, in the transaction that deletes the check: of two mirrors one
   * counts it.
   */
  lossWrite(projectId: string, { losses, revision }: KnownLosses, now: number): Write {
    const counted = { losses: withLoss(losses, now), expiresAt: expiryAfter(1, now) }
    const isFirst = revision === 0
    return {
      put: {
        table: this.#table,
        item: { ...mirrorKeys.losses(projectId), ...counted, revision: revision + 1 },
        condition: isFirst ? 'attribute_not_exists(#revision)' : '#revision = :before',
        names: { '#revision': 'revision' },
        ...(isFirst ? {} : { values: { ':before': revision } }),
      },
    }
  }
}
