import type { Impairment } from '../domain/watching/impairment.ts'
import type { Registry } from '../store/registry/registry.ts'
import { knownChannels } from './channels/known-channels.ts'
import { type ChannelPagesDeps, healthOf } from './channels/one-channel.ts'

/** How many channels of a project don't tell what they are sent. */
export type ChannelTroubles = {
  /** Addresses that get no mail any more. */
  readonly suppressed: number
  /** Whose last delivery was given up. */
  readonly failed: number
}

/** What keeps a project's alerts from coming as they should. */
export type Troubles = ChannelTroubles & {
  /** Pings can't be taken now, since when, and by how much that puts deadlines off at most. */
  readonly held?: { readonly sinceAt: number; readonly longestHoldMs: number }
  /** How many checks have lost what their pings had left. */
  readonly lost: number
}

/** What is known of checks and of the intake of pings: no reads beside those of a list. */
export function watchTroubles(
  all: readonly { readonly isLost: boolean }[],
  { intervals, longestHoldMs }: Impairment,
): Omit<Troubles, keyof ChannelTroubles> {
  const lost = all.filter(({ isLost }) => isLost).length
  const now = intervals.at(-1)
  return now === undefined || now.endedAt !== undefined
    ? { lost }
    : { lost, held: { sinceAt: now.startedAt, longestHoldMs } }
}

/** Channels are looked at so often: each is two read units, and lists are asked for each moment. */
const LOOKED_MS = 5 * 60_000
/** Of a project. */
const MOST_CHANNELS = 20
const MOST_LOOKED_AT = 1000

type Looked = { readonly troubles: Promise<ChannelTroubles>; readonly until: number }

export type LookDeps = Pick<ChannelPagesDeps, 'deliveries' | 'addresses'> & {
  readonly registry: Pick<Registry, 'channels'>
}

/** Channels of projects that don't tell what they are sent. */
export class TroubledChannels {
  readonly #deps: LookDeps
  readonly #looked = new Map<string, Looked>()

  constructor(deps: LookDeps) {
    this.#deps = deps
  }

  /** As they were within the last minutes. */
  async of(projectId: string, now: number): Promise<ChannelTroubles> {
    const before = this.#looked.get(projectId)
    if (before !== undefined && now < before.until) return before.troubles
    if (this.#looked.size >= MOST_LOOKED_AT) this.#looked.clear()
    const looked = { troubles: this.#look(projectId), until: now + LOOKED_MS }
    this.#looked.set(projectId, looked)
    try {
      return await looked.troubles
    } catch (error) {
      this.#looked.delete(projectId)
      throw error
    }
  }

  async #look(projectId: string): Promise<ChannelTroubles> {
    const { channels } = await knownChannels(this.#deps, projectId)
    const some = channels.slice(0, MOST_CHANNELS)
    const health = await Promise.all(some.map((channel) => healthOf(this.#deps, channel)))
    return {
      suppressed: health.filter(({ suppression }) => suppression !== undefined).length,
      failed: health.filter(({ last }) => last?.state === 'failed').length,
    }
  }
}
