import * as z from 'zod'
import type { FlipMessage } from '../domain/telling/alert.ts'
import { emailKind } from '../domain/telling/channel.ts'
import type { DeliveriesMessage } from '../domain/telling/notice.ts'
import { statuses } from '../domain/watching/heartbeat.ts'

/*
 * Messages are checked only as far as it takes to know what is sent to whom. The rest goes through
 * as it is, so that a message of a newer or an older version is read as well.
 */
const status = z.enum(statuses)
const flip = z.looseObject({
  checkId: z.string(),
  at: z.number(),
  count: z.number(),
  status,
  from: status,
})
const schedule = z.looseObject({ kind: z.enum(['simple', 'cron', 'oncalendar']) })
const timing = { schedule, timeZone: z.string(), graceSeconds: z.number() }
const heartbeat = z.looseObject({ id: z.string(), status, pingCount: z.number(), ...timing })
const check = z.looseObject({
  id: z.string(),
  name: z.string(),
  tags: z.string(),
  description: z.string(),
  ...timing,
})
const alert = z.looseObject({
  flip,
  check,
  cause: z.looseObject({ kind: z.string() }),
  projectName: z.string(),
  pings: z.array(z.unknown()),
})
const email = z.looseObject({ id: z.string(), kind: z.literal(emailKind), address: z.string() })

const other = z.looseObject({
  id: z.string(),
  kind: z.string().refine((kind) => kind !== emailKind),
})

const personal = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('sign-in'),
    to: z.string().optional(),
    link: z.string(),
    code: z.string(),
    expiresAt: z.number(),
  }),
  z.looseObject({
    kind: z.literal('welcome'),
    to: z.string(),
    link: z.string(),
    part: z.string(),
    expiresAt: z.number(),
  }),
])

const flipMessage = z.looseObject({ flip, heartbeat })
const deliveriesMessage = z.union([
  z.looseObject({ personal }),
  z.looseObject({
    digest: z.literal(true),
    channel: z.union([email, other]),
    projectName: z.string(),
  }),
  z.looseObject({
    link: z.string(),
    channel: email,
    projectName: z.string(),
    requestedAt: z.number(),
  }),
  z.looseObject({ alert, channel: z.looseObject({ id: z.string(), kind: z.string() }) }),
])

/** The message; undefined when the text holds no flip. */
export function parseFlipMessage(text: string): FlipMessage | undefined {
  return parsed(text, flipMessage) as FlipMessage | undefined
}

/** The message; undefined when the text holds no notice and no request for a digest. */
export function parseDeliveriesMessage(text: string): DeliveriesMessage | undefined {
  return parsed(text, deliveriesMessage) as DeliveriesMessage | undefined
}

function parsed(text: string, shape: z.ZodType): unknown {
  try {
    const message: unknown = JSON.parse(text)
    return shape.safeParse(message).success ? message : undefined
  } catch {
    return undefined
  }
}
