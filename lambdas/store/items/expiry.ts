import type { Item } from '../../runtime/database.ts'

const DAY_SECONDS = 86_400

/**
 * When an item that is kept for so many days from an instant on expires: epoch seconds, as
 * DynamoDB's time to live reads them.
 */
export function expiryAfter(days: number, from: number): number {
  return Math.floor(from / 1000) + days * DAY_SECONDS
}

/** Whether an item has expired: DynamoDB removes those within days, and shows them until then. */
export function hasExpired({ expiresAt }: Item, now: number): boolean {
  return typeof expiresAt === 'number' && expiresAt * 1000 <= now
}
