import type { Context, Hono } from 'hono'
import type { Author } from '../domain/people/audit.ts'
import type { Access } from '../domain/people/project.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import { askedBy } from './author.ts'
import { type Body, parseBody } from './body.ts'
import type { Viewer } from '../managing/shown/check-answer.ts'
import { HttpError } from './http-error.ts'
import type { ApiVersion, Site } from '../managing/shown/site.ts'

/** What it takes to know who asks, and how a check is shown to whom. */
export type AccessDeps = {
  readonly registry: Pick<Registry, 'access'>
  /** When pings could not be taken, which puts deadlines off. */
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
  readonly clock: Pick<Clock, 'now'>
  /** Where jobs ping, without a slash at its end. */
  readonly pingEndpoint: string
}

/** Who asks: the project of the key, and what the key opens. */
export type Caller = {
  readonly projectId: string
  readonly access: Access
  /** What the key is called. */
  readonly name: string
}

/** An authorised request. */
export type Call = {
  readonly context: Context
  readonly caller: Caller
  /** To be noted of what is changed. */
  readonly by: Author
  readonly body: Body
  readonly viewer: Viewer
}

/** What a method does, and the least key that it takes. */
export type Action = { readonly needs: Access; readonly act: (call: Call) => Promise<Response> }

export type Actions = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Action>>>

type Responder = (context: Context) => Response | Promise<Response>
export type Responders = Readonly<Partial<Record<keyof Actions, Responder>>>

export const API_KEY_LENGTH = 32

/** Serves one resource in all versions of the API, to those with a key. */
export function serveResource(app: Hono, deps: AccessDeps, path: string, actions: Actions): void {
  const answers = Object.entries(actions).map(([method, { needs, act }]): [string, Responder] => [
    method,
    async (context) => act(await authorised(deps, context, { needs })),
  ])
  serveOpenly(app, `/api/:version{v[123]}${path}`, Object.fromEntries(answers))
}

/**
 * Serves one path to everybody: the methods given, OPTIONS, and for all others, HEAD included, 405
 * before anything else is looked at.
 */
export function serveOpenly(app: Hono, path: string, answers: Responders): void {
  const allowed = [...Object.keys(answers), 'OPTIONS'].join(', ')
  const answerOf = new Map<string, Responder>(Object.entries(answers))
  app.all(path, async (context) => {
    context.header('Access-Control-Allow-Methods', allowed)
    const { method } = context.req
    if (method === 'OPTIONS') return context.body(null, 204)
    const answer = answerOf.get(method)
    if (answer === undefined) throw new HttpError(405, `method must be one of ${allowed}`)
    return answer(context)
  })
}

/** The same for a collection, whose path ends in a slash: a request without it means the same. */
export function serveCollection(app: Hono, deps: AccessDeps, path: string, actions: Actions): void {
  serveResource(app, deps, path, actions)
  serveResource(app, deps, path.replace(/\/$/, ''), actions)
}

type Demand = {
  /** The least key that is taken. */
  readonly needs: Access
  /** The key, where it does not come in its own header or in the body. */
  readonly key?: string
}

/** A request whose key opens what it asks for. @throws HttpError for any other. */
export async function authorised(
  deps: AccessDeps,
  context: Context,
  { needs, key }: Demand,
): Promise<Call> {
  const body =
    context.req.method === 'POST' ? parseBody(new Uint8Array(await context.req.arrayBuffer())) : {}
  const caller = await callerOf(deps, key ?? context.req.header('x-api-key') ?? body['api_key'])
  if (needs === 'read-write' && caller.access === 'read-only')
    throw new HttpError(401, 'wrong api key')
  const now = deps.clock.now()
  const impairment = await deps.intake.impairmentAt(now)
  return {
    context,
    caller,
    by: askedBy(context, { kind: 'key', name: caller.name }),
    body,
    viewer: { site: siteOf(deps, context), access: caller.access, now, impairment },
  }
}

async function callerOf(deps: AccessDeps, apiKey: unknown): Promise<Caller> {
  if (typeof apiKey !== 'string' || apiKey.length !== API_KEY_LENGTH)
    throw new HttpError(401, 'missing api key')
  const caller = await deps.registry.access(apiKey)
  if (caller === undefined) throw new HttpError(401, 'wrong api key')
  return caller
}

function siteOf({ pingEndpoint }: AccessDeps, { req }: Context): Site {
  return {
    root: new URL(req.url).origin,
    version: Number(req.param('version')?.slice(1) ?? 3) as ApiVersion,
    pingEndpoint,
  }
}
