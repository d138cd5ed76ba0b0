import * as z from 'zod'
import type { ChannelBase } from '../../domain/telling/channel.ts'

/**
 * What the registry knows of a channel; the rest is read by its kind. One from before channels had
 * versions has version 0.
 */
export const channelShape: z.ZodType<ChannelBase> = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    version: z.number().default(0),
    createdAt: z.number(),
  })
  .transform(({ pk: _, sk: __, ...channel }) => channel)
