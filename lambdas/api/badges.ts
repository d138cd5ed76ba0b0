import type { Context, Hono } from 'hono'
import { badgeSignature, everyTag, isSigned, tallyOf } from '../domain/badge.ts'
import { type Check, tagsOf } from '../domain/check.ts'
import { publicTitleOf } from '../domain/disclosure.ts'
import type { Project } from '../domain/project.ts'
import { uuidPattern } from '../domain/uuid.ts'
import { answerBadge, type BadgeFormat, badgeFormats } from './badge-answer.ts'
import type { ApiDeps } from './deps.ts'
import { HttpError } from './http-error.ts'
import { type Call, serveCollection, serveOpenly } from './resource.ts'
import { currentHeartbeat, type Watched, watchedChecks } from './watched.ts'

/** What the badge of all checks of a project is called. */
const siteLabel = 'Overdue'

const SIGNATURE_LENGTH = 8

/** Behind a signature: a late check is up. */
const twoStates = '-2'

/** The list of a project's badges, and the badges themselves, which ask for no key: nobody can guess their URLs. */
export function serveBadges(app: Hono, deps: ApiDeps): void {
  serveCollection(app, deps, '/badges/', { GET: { needs: 'read-only', act: (call) => listBadges(deps, call) } })
  serveOpenly(app, `/badge/:project{${uuidPattern}}/:file`, { GET: (context) => projectBadge(deps, context) })
  serveOpenly(app, `/badge/:project{${uuidPattern}}/:signature/:file{.+}`, { GET: (context) => tagBadge(deps, context) })
  serveOpenly(app, '/b/:states{[0-9]+}/:file', { GET: (context) => checkBadge(deps, context) })
}

async function listBadges({ registry }: ApiDeps, { context, caller, viewer }: Call): Promise<Response> {
  const [project, checks] = await Promise.all([registry.project(caller.projectId), registry.checks(caller.projectId)])
  if (project === undefined) throw new HttpError(404, 'project not found')
  const tags = [everyTag, ...[...new Set(checks.flatMap(tagsOf))].sort()]
  return context.json({ badges: Object.fromEntries(tags.map((tag) => [tag, badgeUrls(project, tag, viewer.site.root)])) })
}

function badgeUrls(project: Project, tag: string, root: string): Readonly<Record<string, string>> {
  const start = `${root}/badge/${project.id}/${badgeSignature(project, tag)}`
  const name = tag === everyTag ? '' : `/${encodeURIComponent(tag)}`
  const urls = badgeFormats.flatMap((format): readonly (readonly [string, string])[] => [
    [format, `${start}${twoStates}${name}.${format}`],
    [`${format}3`, `${start}${name}.${format}`],
  ])
  return Object.fromEntries(urls)
}

async function projectBadge(deps: ApiDeps, context: Context): Promise<Response> {
  const { name, format } = fileOf(context)
  const project = await signedProject(deps, context, { tag: everyTag, signature: name })
  const watched = await watchedChecks(deps, project.id)
  return shown(deps, context, { label: siteLabel, watched, format, showsLate: !hasTwoStates(name) })
}

async function tagBadge(deps: ApiDeps, context: Context): Promise<Response> {
  const { name: tag, format } = fileOf(context)
  const signature = context.req.param('signature') ?? ''
  const project = await signedProject(deps, context, { tag, signature })
  const isTagged = (check: Check) => tag === everyTag || tagsOf(check).includes(tag)
  const watched = await watchedChecks(deps, project.id, isTagged)
  return shown(deps, context, { label: tag === everyTag ? siteLabel : tag, watched, format, showsLate: !hasTwoStates(signature) })
}

type Signed = { readonly tag: string; readonly signature: string }

/** The first characters of a signature count, as in the reference. */
async function signedProject({ registry }: ApiDeps, { req }: Context, { tag, signature }: Signed): Promise<Project> {
  const project = await registry.project(req.param('project') ?? '')
  if (project === undefined || !isSigned(project, tag, signature.slice(0, SIGNATURE_LENGTH))) throw new HttpError(404, 'badge not found')
  return project
}

function hasTwoStates(signature: string): boolean {
  return signature.length === SIGNATURE_LENGTH + twoStates.length && signature.endsWith(twoStates)
}

async function checkBadge(deps: ApiDeps, context: Context): Promise<Response> {
  const { name, format } = fileOf(context)
  const check = badgeKeyPattern.test(name) ? await deps.registry.checkByBadgeKey(name) : undefined
  if (check === undefined) throw new HttpError(404, 'badge not found')
  const watched = [{ check, heartbeat: currentHeartbeat(check, await deps.heartbeats.read(check.id)) }]
  return shown(deps, context, {
    label: publicTitleOf({ name: check.name }),
    watched,
    format,
    showsLate: Number(context.req.param('states')) === 3,
  })
}

const badgeKeyPattern = new RegExp(`^${uuidPattern}$`)

type Shown = { readonly label: string; readonly watched: readonly Watched[]; readonly format: BadgeFormat; readonly showsLate: boolean }

async function shown({ clock, intake }: ApiDeps, context: Context, { label, watched, format, showsLate }: Shown): Promise<Response> {
  const now = clock.now()
  const heartbeats = watched.map(({ heartbeat }) => heartbeat)
  const tally = tallyOf(heartbeats, now, await intake.impairmentAt(now))
  return answerBadge(context, format, { label, tally, showsLate, now })
}

/** The last part of a badge's path. @throws HttpError 404 for a format that there is not. */
function fileOf({ req }: Context): { readonly name: string; readonly format: BadgeFormat } {
  const [, name = '', extension] = /^(.*)\.([^.]*)$/s.exec(req.param('file') ?? '') ?? []
  const format = badgeFormats.find((each) => each === extension)
  if (format === undefined) throw new HttpError(404, `badge must be one of ${badgeFormats.join(', ')}`)
  return { name, format }
}
