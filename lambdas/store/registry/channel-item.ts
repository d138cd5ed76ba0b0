import * as z from 'zod'
import type { Channel } from '../../domain/telling/channel.ts'

const base = {
  id: z.string(),
  name: z.string(),
  version: z.number().default(0),
  createdAt: z.number(),
}

const webhookCall = z.object({
  method: z.enum(['GET', 'POST', 'PUT']),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

const verification = z.discriminatedUnion('state', [
  z.object({ state: z.literal('verified'), at: z.number() }),
  z.object({
    state: z.literal('pending'),
    tokenHash: z.string(),
    mailedAt: z.number(),
    expiresAt: z.number(),
  }),
])

const suppression = z.object({ at: z.number() })

const email = z
  .object({
    ...base,
    kind: z.literal('email'),
    address: z.string(),
    verification: verification.optional(),
    suppression: suppression.exactOptional(),
  })
  .transform(({ verification: stored, suppression: kept, ...channel }) => ({
    ...channel,
    // Once channels were suppressed one by one: such a one is to be verified again. Before there
    // were verifications, only operators made channels.
    verification:
      kept === undefined
        ? (stored ?? ({ state: 'verified', at: channel.createdAt } as const))
        : unverifiedSince(kept.at),
  }))

function unverifiedSince(at: number) {
  return { state: 'pending', tokenHash: '', mailedAt: at, expiresAt: at } as const
}

/** A channel as the registry stores it. One from before channels had versions has version 0. */
export const channelShape: z.ZodType<Channel> = z.discriminatedUnion('kind', [
  email,
  z.object({
    ...base,
    kind: z.literal('webhook'),
    down: webhookCall.exactOptional(),
    up: webhookCall.exactOptional(),
  }),
  z.object({ ...base, kind: z.literal('sns'), topicArn: z.string() }),
  z.object({ ...base, kind: z.literal('eventbridge'), busArn: z.string() }),
])
