import { circuitPauseMs, isOpen } from '../../domain/telling/circuit.ts'
import type { Database } from '../../runtime/database.ts'
import { outcomeEntry } from '../keys.ts'

/**
 * Whether channels may be called: one that fails again and again must not keep everything else
 * waiting.
 */
export class Circuits {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Reads once while a channel does well. While it fails, one caller a minute may call it. */
  async mayCall(channelId: string, now: number): Promise<boolean> {
    const at = { table: this.#table, key: { check: channelId, entry: outcomeEntry } }
    const outcome = await this.#database.get(at)
    if (!isOpen({ failures: Number(outcome?.['failures'] ?? 0) })) return true
    const { isWritten } = await this.#database.update({
      ...at,
      update: 'SET #calledAt = :now',
      condition:
        'attribute_exists(#entry) AND (attribute_not_exists(#calledAt) OR #calledAt <= :then)',
      names: { '#calledAt': 'calledAt', '#entry': 'entry' },
      values: { ':now': now, ':then': now - circuitPauseMs },
    })
    return isWritten
  }
}
