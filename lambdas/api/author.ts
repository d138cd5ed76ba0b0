import type { Context } from 'hono'
import type { Actor, Author } from '../domain/people/audit.ts'

/** What a function URL vouches for, beside the request itself. */
export type RequestOrigin = { readonly address: string; readonly requestId: string }

/** Who asks for a change, by this request. The handler gives its origin to the app. */
export function askedBy({ env }: Context, actor: Actor): Author {
  const { address, requestId } = env as RequestOrigin
  return { actor, requestId, address }
}
