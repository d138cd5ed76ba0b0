import type { Context, Hono } from 'hono'
import { everyTag, tallyOf } from '../domain/people/badge.ts'
import {
  type BadgeFormat,
  badgeFormats,
  tagBadgeUrls,
  twoStates,
} from '../domain/people/badge-urls.ts'
import { publicTitleOf } from '../domain/people/disclosure.ts'
import { tagsOf } from '../domain/watching/check.ts'
import { uuidPattern } from '../domain/wire/uuid.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { answerBadge } from './badge-answer.ts'
import { HttpError } from './http-error.ts'
import { type AccessDeps, type Call, serveCollection, serveOpenly } from './resource.ts'
import { tallyBehind, type TallyDeps } from './tallies.ts'
import { watchedCheck } from '../managing/watched.ts'

/** What the badge of all checks of a project is called. */
const siteLabel = 'Overdue'

const SIGNATURE_LENGTH = 8

export type BadgesDeps = AccessDeps &
  TallyDeps & {
    readonly registry: Pick<Registry, 'checkByBadgeKey'>
    readonly heartbeats: Pick<Heartbeats, 'read'>
  }

/**
 * The list of a project's badges, and the badges themselves, which ask for no key: nobody can guess
 * their URLs.
 */
export function serveBadges(app: Hono, deps: BadgesDeps): void {
  serveCollection(app, deps, '/badges/', {
    GET: { needs: 'read-only', act: (call) => listBadges(deps, call) },
  })
  serveOpenly(app, `/badge/:project{${uuidPattern}}/:file`, {
    GET: (context) => projectBadge(deps, context),
  })
  serveOpenly(app, `/badge/:project{${uuidPattern}}/:signature/:file{.+}`, {
    GET: (context) => tagBadge(deps, context),
  })
  serveOpenly(app, '/b/:states{[0-9]+}/:file', { GET: (context) => checkBadge(deps, context) })
}

async function listBadges(
  { registry }: BadgesDeps,
  { context, caller, viewer }: Call,
): Promise<Response> {
  const [project, checks] = await Promise.all([
    registry.project(caller.projectId),
    registry.checks(caller.projectId),
  ])
  if (project === undefined) throw new HttpError(404, 'project not found')
  const tags = [everyTag, ...[...new Set(checks.flatMap(tagsOf))].sort()]
  return context.json({
    badges: Object.fromEntries(
      tags.map((tag) => [tag, tagBadgeUrls(project, tag, viewer.site.root)]),
    ),
  })
}

async function projectBadge(deps: BadgesDeps, context: Context): Promise<Response> {
  const { name, format } = fileOf(context)
  return signedBadge(deps, context, { label: siteLabel, tag: everyTag, signature: name, format })
}

async function tagBadge(deps: BadgesDeps, context: Context): Promise<Response> {
  const { name: tag, format } = fileOf(context)
  const signature = context.req.param('signature') ?? ''
  return signedBadge(deps, context, {
    label: tag === everyTag ? siteLabel : tag,
    tag,
    signature,
    format,
  })
}

type Signed = {
  readonly label: string
  readonly tag: string
  readonly signature: string
  readonly format: BadgeFormat
}

/** The first characters of a signature count, as in the reference. */
async function signedBadge(
  deps: BadgesDeps,
  context: Context,
  { label, tag, signature, format }: Signed,
): Promise<Response> {
  const projectId = context.req.param('project') ?? ''
  const tally = await tallyBehind(deps, {
    projectId,
    tag,
    signature: signature.slice(0, SIGNATURE_LENGTH),
  })
  return answerBadge(context, format, {
    label,
    tally,
    showsLate: !hasTwoStates(signature),
    now: deps.clock.now(),
  })
}

function hasTwoStates(signature: string): boolean {
  return signature.length === SIGNATURE_LENGTH + twoStates.length && signature.endsWith(twoStates)
}

async function checkBadge(deps: BadgesDeps, context: Context): Promise<Response> {
  const { name, format } = fileOf(context)
  const check = badgeKeyPattern.test(name) ? await deps.registry.checkByBadgeKey(name) : undefined
  if (check === undefined) throw new HttpError(404, 'badge not found')
  const stored = await deps.heartbeats.read(check.id)
  const now = deps.clock.now()
  const moment = { now, impairment: await deps.intake.impairmentAt(now) }
  const tally = tallyOf([await watchedCheck(deps, { check, stored }, moment)], now)
  const showsLate = Number(context.req.param('states')) === 3
  return answerBadge(context, format, {
    label: publicTitleOf({ name: check.name }),
    tally,
    showsLate,
    now,
  })
}

const badgeKeyPattern = new RegExp(`^${uuidPattern}$`)

/** The last part of a badge's path. @throws HttpError 404 for a format that there is not. */
function fileOf({ req }: Context): { readonly name: string; readonly format: BadgeFormat } {
  const [, name = '', extension] = /^(.*)\.([^.]*)$/s.exec(req.param('file') ?? '') ?? []
  const format = badgeFormats.find((each) => each === extension)
  if (format === undefined)
    throw new HttpError(404, `badge must be one of ${badgeFormats.join(', ')}`)
  return { name, format }
}
