import { createHash } from 'node:crypto'
import {
  statusCountsOf,
  hasFlippedSince,
  type ListedCheck,
  listingOf,
  type ListQuery,
  listOrders,
  listStatuses,
} from '../domain/watching/listing.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import { readerOf } from './check-in.ts'
import type { Form } from './form.ts'
import type { ListedChecks } from './listed-checks.ts'
import { checksPage, checksPart } from './pages/checks.ts'
import { respond, respondPart } from './respond.ts'
import type { ProjectCall, Route } from './route.ts'
import { type TroubledChannels, watchTroubles } from './troubles.ts'

export type ChecksPageDeps = {
  readonly listed: Pick<ListedChecks, 'of' | 'asNow'>
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
  readonly troubled: Pick<TroubledChannels, 'of'>
}

export const checksRoutes: readonly Route<ChecksPageDeps>[] = [
  { method: 'GET', path: '/p/:project/', needs: 'see', act: showChecks },
  { method: 'GET', path: '/p/:project/live', needs: 'see', act: showFresh },
]

const DAY_MS = 86_400_000
const MOST_ROWS = 200
/** What stands in words of distance, as `2 min ago`, is told anew so often. */
const WORDS_LAST_MS = 60_000

async function showChecks(deps: ChecksPageDeps, call: ProjectCall): Promise<Response> {
  const { project, role, now, query } = call
  const [all, troubles] = await allOfProject(deps, call)
  const wanted = queryOf(query, now)
  const flipped = flippedIn(all, now)
  const { down } = statusCountsOf(all)
  const page = {
    troubles,
    project,
    role,
    wanted,
    flipped,
    down,
    size: all.length,
    reader: readerOf(call),
  }
  const listing = listingOf(all, wanted)
  const rows = await deps.listed.asNow(project.id, listing.rows, now)
  return respond(call, checksPage({ ...page, listing: { ...listing, rows } }))
}

/** The checks of a project, and what is amiss with its alerts. */
async function allOfProject({ listed, intake, troubled }: ChecksPageDeps, call: ProjectCall) {
  const { project, now } = call
  const [all, impairment, channels] = await Promise.all([
    listed.of(project.id, now),
    intake.impairmentAt(now),
    troubled.of(project.id, now),
  ])
  return [all, { ...watchTroubles(all, impairment), ...channels }] as const
}

/** How many have another status than a day ago. */
function flippedIn(all: readonly ListedCheck[], now: number): number {
  return all.filter((each) => hasFlippedSince(each, now - DAY_MS)).length
}

function queryOf(query: Form, now: number): ListQuery {
  return {
    text: query.text('q').slice(0, 200),
    status: listStatuses.find((status) => status === query.text('status')),
    tags: query
      .all('tag')
      .filter((tag) => tag !== '')
      .slice(0, 10),
    flippedSince: query.has('flipped') ? now - DAY_MS : undefined,
    order: listOrders.find((order) => order === query.text('sort')) ?? 'worst',
    page: Math.trunc(Number(query.text('page'))) || 1,
  }
}

/** The counts and the rows that a page shows, for its script. */
async function showFresh(deps: ChecksPageDeps, call: ProjectCall): Promise<Response> {
  const { context, project, now, query } = call
  const names = new Set(query.text('rows').split(',').slice(0, MOST_ROWS))
  const [all, troubles] = await allOfProject(deps, call)
  const wanted = queryOf(query, now)
  const named = all.filter(({ key }) => names.has(key))
  const rows = await deps.listed.asNow(project.id, named, now)
  const { counts } = listingOf(all, wanted)
  const [whole, flipped] = [statusCountsOf(all), flippedIn(all, now)]
  const tag = tagOf({ rows, counts, all: [whole, flipped, troubles] }, now)
  context.header('X-As-Of', new Date(now).toISOString())
  context.header('ETag', tag)
  if (context.req.header('If-None-Match') === tag) return context.body(null, 304)
  const part = { troubles, project, wanted, counts, rows, flipped, down: whole.down }
  return respondPart(call, checksPart({ ...part, reader: readerOf(call) }))
}

type Fresh = {
  readonly rows: readonly ListedCheck[]
  readonly counts: object
  readonly all: object
}

function tagOf({ rows, counts, all }: Fresh, now: number): string {
  const state = rows.map(({ check, heartbeat, status }) => [
    check.id,
    check.version,
    status,
    heartbeat.lastPingAt,
    heartbeat.running,
    heartbeat.durationMs,
  ])
  const text = JSON.stringify([state, counts, all, Math.floor(now / WORDS_LAST_MS)])
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}
