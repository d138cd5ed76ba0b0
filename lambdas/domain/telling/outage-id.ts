import { uniqueKeyOf } from '../watching/check.ts'
import type { Delivery } from './alert.ts'

/**
 * Identifies an outage, in whatever is told of it: by its check and by when it began. A test is
 * about none, and its end has to find its beginning all the same. The check stands there by its
 * unique key, because its UUID is what pings need.
 */
export function outageIdOf({ alert: { flip }, channel, isTest }: Delivery): string {
  if (isTest === true) return `test-${channel.id}`
  return `${uniqueKeyOf(flip.checkId)}-${flip.status === 'down' ? flip.at : (flip.downSinceAt ?? flip.at)}`
}
