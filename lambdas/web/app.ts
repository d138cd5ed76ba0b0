import { Hono } from 'hono'
import { routePath } from 'hono/route'
import type { Project } from '../domain/people/project.ts'
import { roleIn } from '../domain/people/user.ts'
import { may } from '../domain/people/role.ts'
import { isFresh } from '../domain/people/session.ts'
import type { Clock } from '../runtime/clock.ts'
import { nameOf, warn } from '../runtime/log.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Asset, Assets } from './assets.ts'
import { isCrossSite } from './cross-site.ts'
import { Form } from './form.ts'
import { messagePage } from './pages/message.ts'
import { NotHere, Refused } from './refused.ts'
import { respond } from './respond.ts'
import type { Bindings, WebCall, PersonalCall, ProjectCall, Route, WebContext } from './route.ts'
import { type SessionDeps, sessionBy, visitorBy } from './session.ts'

export type AppDeps = SessionDeps & {
  readonly registry: Pick<Registry, 'project'>
  readonly clock: Pick<Clock, 'now'>
  readonly assets: Assets
  /** Where a local stack shows its clock and what it has sent. */
  readonly localPage?: string | undefined
  /** Scheme and host of the API, which serves badges, without a slash at its end. */
  readonly apiRoot: string
}

/** Longer than that of any project; a table refuses keys that are much longer. */
const LONGEST_ID = 100
/** Longer than any form of a page. */
const LONGEST_FORM_BYTES = 65_536

/** Nothing runs, shows, frames or is sent elsewhere, except that badges are shown. */
function policyOf({ apiRoot }: AppDeps): string {
  const allowed = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' ${apiRoot}`,
    'connect-src': "'self'",
    'form-action': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'overdue',
  }
  return Object.entries(allowed)
    .map(([what, where]) => `${what} ${where}`)
    .join('; ')
}

/**
 * On every answer. A page's address goes to no other site; with `no-referrer` a browser would send
 * its own forms without an origin.
 */
function headersOf(deps: AppDeps): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policyOf(deps),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Strict-Transport-Security': 'max-age=31536000',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'Cache-Control': 'no-store',
  }
}

/** The dashboard: the routes of all its screens. */
export function makeDashboard<Deps extends AppDeps>(
  deps: Deps,
  routes: readonly Route<Deps>[],
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>({ strict: true })
  const headers = Object.entries(headersOf(deps))
  app.use(async (context, next) => {
    for (const [name, value] of headers) context.header(name, value)
    await next()
  })
  for (const asset of Object.values(deps.assets)) serveAsset(app, asset)
  app.get('/', (context) => context.redirect('/app/', 303))
  app.get('/app', (context) => context.redirect('/app/', 303))
  for (const route of routes)
    app.on(route.method, `/app${route.path}`, (context) => answer(deps, route, context))
  app.notFound((context) => failure(deps, context, new NotHere()))
  app.onError((error, context) => failure(deps, context, error))
  return app
}

function serveAsset(app: Hono<{ Bindings: Bindings }>, { path, body, type }: Asset): void {
  app.get(path, (context) =>
    context.body(body, 200, {
      'Content-Type': type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    }),
  )
}

async function answer<Deps extends AppDeps>(
  deps: Deps,
  route: Route<Deps>,
  context: WebContext,
): Promise<Response> {
  const call = await callOf(deps, context)
  if (route.needs === 'nobody') return route.act(deps, call)
  const session = await sessionBy(deps, context, call.now)
  if (session === undefined) return signInFirst(call)
  const [visitor, project] = await Promise.all([
    visitorBy(deps, context, { session, now: call.now }),
    projectIn(deps, route, context),
  ])
  if (visitor === undefined) return signInFirst(call)
  const personal = { ...call, ...visitor }
  if (route.isFresh === true && !isFresh(personal.session, call.now)) return confirmFirst(call)
  if (route.needs === 'signed-in') return route.act(deps, personal)
  return route.act(deps, inProject(route, personal, project))
}

async function callOf(
  { clock, assets, localPage }: AppDeps,
  context: WebContext,
): Promise<WebCall> {
  const { req, env } = context
  const { origin, search } = new URL(req.url)
  const isPost = req.method === 'POST'
  if (isPost && isCrossSite(req.raw.headers, origin))
    throw new Refused(403, 'This form was not sent from a page of this dashboard.')
  const form = isPost ? await formOf(context) : new Form()
  const query = new Form(search)
  return { ...env, context, form, query, now: clock.now(), root: origin, assets, localPage }
}

async function formOf({ req }: WebContext): Promise<Form> {
  const body = await req.arrayBuffer()
  if (body.byteLength > LONGEST_FORM_BYTES)
    throw new Refused(413, `A form may have ${LONGEST_FORM_BYTES} bytes, this one is longer.`)
  const type = req.header('Content-Type') ?? ''
  if (body.byteLength > 0 && !/^application\/x-www-form-urlencoded\b/i.test(type))
    throw new Refused(415, 'A form is sent as application/x-www-form-urlencoded.')
  return new Form(new TextDecoder().decode(body))
}

/** What the script asks for is refused, and the page around it asks the person to sign in. */
function signInFirst({ context }: WebCall): Response {
  if (context.req.header('Sec-Fetch-Dest') === 'empty') return context.body(null, 401)
  return context.redirect(withReturn('/app/sign-in', context), 303)
}

function confirmFirst({ context }: WebCall): Response {
  return context.redirect(withReturn('/app/confirm', context), 303)
}

/** A form can't be sent again after it: its page comes first. */
function withReturn(path: string, { req }: WebContext): string {
  const { pathname, search } = new URL(req.url)
  const to = req.method === 'GET' ? `${pathname}${search}` : aboveOf(pathname)
  return to === '/app/' ? path : `${path}?to=${encodeURIComponent(to)}`
}

/** The page that a form's address lies below; those of a whole project end in a slash. */
function aboveOf(path: string): string {
  const above = path.replace(/\/[^/]*$/, '')
  return /^\/app(\/p\/[^/]+)?$/.test(above) ? `${above}/` : above
}

/** Read beside the user, before it is known whether this is a project of the user. */
async function projectIn<Deps extends AppDeps>(
  { registry }: Deps,
  { needs }: Route<Deps>,
  { req }: WebContext,
): Promise<Project | undefined> {
  const projectId = req.param('project') ?? ''
  const isNamed = projectId !== '' && projectId.length <= LONGEST_ID
  return needs === 'signed-in' || !isNamed ? undefined : registry.project(projectId)
}

function inProject<Deps>(
  route: Exclude<Route<Deps>, { readonly needs: 'nobody' | 'signed-in' }>,
  call: PersonalCall,
  project: Project | undefined,
): ProjectCall {
  const role = project && roleIn(call.memberships, project.id)
  if (role === undefined || project === undefined) throw new NotHere()
  if (!may(role, route.needs))
    throw new Refused(403, `Your role in this project is ${role}, which may not do this.`)
  return { ...call, project, role }
}

/** A person gets words for what is no fault of ours, and a number to name for what is. */
function failure(
  { clock, assets, localPage }: AppDeps,
  context: WebContext,
  error: Error,
): Response {
  const { origin } = new URL(context.req.url)
  const call = { ...context.env, context, form: new Form(), query: new Form(), root: origin }
  const page = pageOf(error, context.env.requestId)
  if (page.status >= 500) warn('page-failed', { error: nameOf(error), path: routePath(context) })
  return respond({ ...call, now: clock.now(), assets, localPage }, messagePage(page), page.status)
}

function pageOf(error: Error, requestId: string) {
  if (error instanceof NotHere)
    return {
      status: 404,
      title: 'Not here',
      words: 'There is no such page, or it is not for you.',
    } as const
  if (error instanceof Refused)
    return { status: error.status, title: 'Not done', words: error.message }
  return {
    status: 500,
    title: 'That went wrong',
    words: `Something failed on our side. Try again; if it stays, tell your operator this number: ${requestId}`,
  } as const
}
