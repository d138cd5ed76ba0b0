import type { Outage } from './outage.ts'
import type { PlannedTelling } from './outlook.ts'

/** A telling of that number; none to nobody. */
export function plannedTellings(
  number: number,
  channelIds: readonly string[],
): readonly PlannedTelling[] {
  return channelIds.length === 0 ? [] : [{ number, channelIds }]
}

/** The outage once those are about to be told that could not be read. */
export function withoutUnread<Of extends Outage>({ unread: _, ...rest }: Of): Omit<Of, 'unread'> {
  return rest
}

/** Each id once. */
export function joined(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])]
}
