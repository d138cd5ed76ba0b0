import type { AuditEntry } from '../people/audit.ts'
import type { CheckDelivery } from '../telling/check-delivery.ts'
import type { Flip } from './flip.ts'

/** Something that happened to a check, beside its pings. */
export type CheckEvent = { readonly at: number } & (
  | { readonly kind: 'flip'; readonly flip: Flip }
  | { readonly kind: 'delivery'; readonly delivery: CheckDelivery }
  | { readonly kind: 'change'; readonly entry: AuditEntry }
)

type Sources = {
  readonly flips: readonly Flip[]
  readonly deliveries: readonly CheckDelivery[]
  readonly entries: readonly AuditEntry[]
}

/** All that happened to a check, newest first, as far back as each of the sources was read. */
export function eventsOf({ flips, deliveries, entries }: Sources): readonly CheckEvent[] {
  const events: readonly CheckEvent[] = [
    ...flips.map((flip) => ({ kind: 'flip' as const, at: flip.at, flip })),
    ...deliveries.map((delivery) => ({ kind: 'delivery' as const, at: delivery.at, delivery })),
    ...entries.map((entry) => ({ kind: 'change' as const, at: entry.at, entry })),
  ]
  return events.toSorted((one, other) => other.at - one.at)
}
