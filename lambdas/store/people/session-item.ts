import * as z from 'zod'
import type { Session } from '../../domain/people/session.ts'
import { sessionEnd } from '../../domain/people/session-life.ts'
import type { SignIn } from '../../domain/people/sign-in.ts'
import type { Fields, Item } from '../../runtime/database.ts'

const sessionShape = z.object({
  userId: z.string(),
  epoch: z.number(),
  method: z.enum(['mail', 'local']),
  createdAt: z.number(),
  seenAt: z.number(),
  freshAt: z.number(),
  agent: z.string(),
}) satisfies z.ZodType<Session>

const signInShape = z.object({
  email: z.string(),
  tokenHash: z.string(),
  codeHash: z.string(),
  returnTo: z.string(),
  endsAt: z.number(),
}) satisfies z.ZodType<SignIn>

/** @throws when an attribute is missing or malformed, as the other one here. */
export function sessionOf(item: Item): Session {
  return sessionShape.parse(item)
}

export function signInOf(item: Item): SignIn {
  return signInShape.parse(item)
}

export function sessionFields(session: Session): Fields {
  return { ...session, expiresAt: inSeconds(sessionEnd(session)) }
}

export function signInFields(signIn: SignIn): Fields {
  return { ...signIn, tries: 0, expiresAt: inSeconds(signIn.endsAt) }
}

/** As DynamoDB's time to live reads an instant, which is looked at more exactly where it counts. */
export function inSeconds(at: number): number {
  return Math.ceil(at / 1000)
}
