import type { Item } from '../../runtime/database.ts'

const DAY_SECONDS = 86_400

/**
 * When an item expires that is kept for some days after an instant, in epoch seconds, as DynamoDB's
 * time to live reads them.
 */
export function expiryAfter(days: number, from: number): number {
  return Math.floor(from / 1000) + days * DAY_SECONDS
}

/**
 * Whether an item has expired. DynamoDB removes expired items within days, and shows them until
 * then.
 */
export function hasExpired({ expiresAt }: Item, now: number): boolean {
  return typeof expiresAt === 'number' && expiresAt * 1000 <= now
}
