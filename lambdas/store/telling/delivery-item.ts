import * as z from 'zod'
import type { CheckDelivery } from '../../domain/telling/check-delivery.ts'
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

const shownShape = z.object({
  state: z.enum(['sending', 'waiting', 'sent', 'failed']),
  sentAt: z.number().exactOptional(),
  failures: z.array(z.object({ at: z.number(), error: z.string() })).default([]),
})

/** A delivery as people see it. @throws when the item is none that this program writes. */
export function checkDeliveryOf(item: Item): CheckDelivery {
  const [key, channelId] = partsOfDeliveryEntry(String(item['entry']))
  const { state, sentAt, failures } = shownShape.parse(item)
  const failure = state === 'sent' ? undefined : failures.at(-1)
  const { change, telling } = toldChangeOf(key)
  return {
    change,
    ...(telling === undefined ? {} : { telling }),
    channelId,
    state,
    at: sentAt ?? failure?.at ?? change.at,
    ...(failure === undefined ? {} : { error: failure.error }),
  }
}
