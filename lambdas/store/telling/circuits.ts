import * as z from 'zod'
import type { ChannelBase } from '../../domain/telling/channel.ts'
import { circuitPauseMs, type Denial, denialOf, isOpen } from '../../domain/telling/circuit.ts'
import type { Database } from '../../runtime/database.ts'
import { outcomeEntry } from '../keys.ts'

const denialShape: z.ZodType<Denial> = z.object({
  version: z.number(),
  at: z.number(),
  reason: z.string(),
})

/**
 * Whether channels may be called: one that fails again and again must not keep everything else
 * waiting, and credentials that were refused need not be tried again.
 */
export class Circuits {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Reads once while a channel does well. While it fails, one caller a minute may call it. A denial
   * is what keeps it from being called at all.
   */
  async admits(
    { id, version }: Pick<ChannelBase, 'id' | 'version'>,
    now: number,
  ): Promise<'free' | 'paused' | Denial> {
    const outcome = await this.#database.get(this.#at(id))
    const { data: denial } = denialShape.safeParse(outcome?.['denial'])
    const standing = denial && denialOf({ denial }, version, now)
    if (standing !== undefined) return standing
    if (!isOpen({ failures: Number(outcome?.['failures'] ?? 0) })) return 'free'
    const { isWritten } = await this.#database.update({
      ...this.#at(id),
      update: 'SET #calledAt = :now',
      condition:
        'attribute_exists(#entry) AND (attribute_not_exists(#calledAt) OR #calledAt <= :then)',
      names: { '#calledAt': 'calledAt', '#entry': 'entry' },
      values: { ':now': now, ':then': now - circuitPauseMs },
    })
    return isWritten ? 'free' : 'paused'
  }

  /** Notes that the credentials of a version of a channel were refused. Success clears it. */
  async deny(channelId: string, denial: Denial): Promise<void> {
    await this.#database.update({
      ...this.#at(channelId),
      update: 'SET #denial = :denial',
      names: { '#denial': 'denial' },
      values: { ':denial': denial },
    })
  }

  #at(channelId: string) {
    return { table: this.#table, key: { check: channelId, entry: outcomeEntry } }
  }
}
