import { z } from 'zod'

export const attributesShape = z.record(
  z.string(),
  z.object({
    DataType: z.string(),
    StringValue: z.string().exactOptional(),
    BinaryValue: z.string().exactOptional(),
  }),
)

export const messageShape = z.object({
  id: z.string(),
  body: z.string(),
  attributes: attributesShape,
  sentAt: z.number(),
  visibleAt: z.number(),
  receives: z.number(),
  receipt: z.string(),
})

/** A message as the queue keeps it. */
export type QueuedMessage = z.infer<typeof messageShape>

export type MessageAttribute = QueuedMessage['attributes'][string]
