import type { AttributeValue } from '@aws-sdk/client-dynamodb'

const DAY_SECONDS = 86_400

/**
 * When an item that is kept for so many days from an instant on expires: epoch seconds, as
 * DynamoDB's time to live reads them.
 */
export function expiryAfter(days: number, from: number): number {
  return Math.floor(from / 1000) + days * DAY_SECONDS
}

/** Whether an item has expired: DynamoDB removes those within days, and shows them until then. */
export function hasExpired(item: Readonly<Record<string, AttributeValue>>, now: number): boolean {
  return Number(item['expiresAt']?.N ?? Infinity) * 1000 <= now
}
