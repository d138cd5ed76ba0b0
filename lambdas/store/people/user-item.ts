import * as z from 'zod'
import { roles } from '../../domain/people/role.ts'
import { type Membership, themes, type User } from '../../domain/people/user.ts'
import type { Item } from '../../runtime/database.ts'

export const userShape = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  timeZone: z.string().exactOptional(),
  theme: z.enum(themes),
  hasShortcuts: z.boolean(),
  sessionEpoch: z.number(),
  version: z.number(),
  createdAt: z.number(),
}) satisfies z.ZodType<User>

export const membershipShape = z.object({
  userId: z.string(),
  projectId: z.string(),
  role: z.enum(roles),
  since: z.number(),
}) satisfies z.ZodType<Membership>

const referenceShape = z.object({ userId: z.string() })

/** @throws when an attribute is missing or malformed, as all that read here. */
export function userOf(item: Item): User {
  return userShape.parse(item)
}

export function membershipOf(item: Item): Membership {
  return membershipShape.parse(item)
}

export function userIdOf(item: Item): string {
  return referenceShape.parse(item).userId
}
