import type { Context } from 'hono'

/**
 * The parameters of a request. Of one that comes twice, the last counts, as for the reference; the
 * router would take the first.
 */
export function queryOf({ req }: Context): Readonly<Partial<Record<string, string>>> {
  return Object.fromEntries(new URL(req.url).searchParams)
}
