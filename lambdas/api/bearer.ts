import type { Context } from 'hono'
import type { Access } from '../domain/people/project.ts'
import { HttpError } from './http-error.ts'

/** The key that comes as a bearer token. @throws HttpError that says which one is wanted. */
export function bearerOf(context: Context, wanted: Access): string {
  const [, key] = /^Bearer (.*)$/.exec(context.req.header('authorization') ?? '') ?? []
  // No WWW-Authenticate, which a function URL would give another name: the words say what is
  // wanted.
  if (key === undefined)
    throw new HttpError(
      401,
      `missing bearer token, send the ${wanted} key as Authorization: Bearer <key>`,
    )
  return key
}
