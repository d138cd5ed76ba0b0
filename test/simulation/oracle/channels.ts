import type { Run } from '../invariant.ts'
import { itemsOf } from './history.ts'

/** Which channels checks had and when, from the writes to the registry. */
export class CheckChannels {
  readonly #changes: ReadonlyMap<
    string,
    readonly { readonly at: number; readonly channels: readonly string[] }[]
  >

  constructor(run: Run) {
    const writes = run.world.writesTo('Registry').flatMap(({ at, record: { dynamodb } }) => {
      if (dynamodb?.Keys?.['sk']?.S?.startsWith('check#') !== true) return []
      const id = (dynamodb.NewImage ?? dynamodb.OldImage)?.['id']?.S ?? ''
      return [
        { at, id, channels: (dynamodb.NewImage?.['channelIds']?.L ?? []).map(({ S = '' }) => S) },
      ]
    })
    this.#changes = Map.groupBy(writes, ({ id }) => id)
  }

  /** The channels that a check had at an instant or later. */
  anySince(check: string, from: number): readonly string[] {
    return [...new Set(this.#since(check, from).flatMap(({ channels }) => channels))]
  }

  /** The channels that a check had from an instant to the end. */
  steadySince(check: string, from: number): readonly string[] {
    const [first, ...others] = this.#since(check, from)
    return (first?.channels ?? []).filter((channel) =>
      others.every(({ channels }) => channels.includes(channel)),
    )
  }

  #since(check: string, from: number) {
    const changes = this.#changes.get(check) ?? []
    return changes.slice(
      Math.max(
        0,
        changes.findLastIndex(({ at }) => at <= from),
      ),
    )
  }
}

/** Channels that are hosts of others, which may fail for as long as they like. */
export function outsidersOf(run: Run): ReadonlySet<unknown> {
  return channelsOfKind(run, ['webhook', 'slack'])
}

/** Channels that programs read, and no people. */
export function programsOf(run: Run): ReadonlySet<unknown> {
  return channelsOfKind(run, ['webhook'])
}

function channelsOfKind(run: Run, kinds: readonly string[]): ReadonlySet<unknown> {
  return new Set(
    itemsOf(run, 'Registry')
      .filter(({ kind }) => kinds.includes(String(kind)))
      .map(({ id }) => id),
  )
}
