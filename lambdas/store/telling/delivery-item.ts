import * as z from 'zod'
import type { ChangeDelivery } from '../../domain/telling/later-change.ts'
import { toldChangeOf } from '../../domain/telling/telling.ts'
import type { Item } from '../../runtime/database.ts'
import { partsOfDeliveryEntry } from '../keys.ts'

/** A delivery that was settled without a claim has no claimant and no lease. */
const shape: z.ZodType<Omit<ChangeDelivery, 'change' | 'telling'>> = z.object({
  state: z.enum(['sending', 'waiting', 'sent', 'failed']),
  claimant: z.string().default(''),
  leaseUntil: z.number().default(0),
})

/**
 * The delivery of a change to the channel; undefined when the item is another channel's.
 * @throws when the item is none that this program writes.
 */
export function changeDeliveryOf(item: Item, channelId: string): ChangeDelivery | undefined {
  const [key, channel] = partsOfDeliveryEntry(String(item['entry']))
  return channel === channelId ? { ...shape.parse(item), ...toldChangeOf(key) } : undefined
}
