import type { LoggedPing } from '../domain/watching/ping.ts'
import { daysUntil } from '../domain/schedule/local-days.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Journal } from '../store/watching/journal.ts'
import { checkIn, readerOf } from './check-in.ts'
import { logPage, pingTypes } from './pages/check-log.ts'
import { respond } from './respond.ts'
import type { ProjectCall } from './route.ts'

type LogDeps = {
  readonly registry: Pick<Registry, 'checkByUniqueKey'>
  readonly heartbeats: Pick<Heartbeats, 'read'>
  readonly journal: Pick<Journal, 'pingsBefore' | 'numberAt'>
}

const PAGE = 100
/** The starts of runs that the last pings of a page ended. */
const READ_BEYOND = 50
/** For a type that is rare: so many pings are looked through, some fifty read units. */
const MOST_LOOKED_THROUGH = 1000
/** A number that no ping has. */
const BEYOND_ALL = 999_999_999_999
const DAY_MS = 86_400_000

export async function showPingLog(deps: LogDeps, call: ProjectCall): Promise<Response> {
  const { project, role, query, now } = call
  const check = await checkIn(deps, call)
  const type = pingTypes.find((each) => each === query.text('type')) ?? ''
  const until = /^\d{4}-\d{2}-\d{2}$/.exec(query.text('until'))?.[0] ?? ''
  const before = await firstUnshown(deps, call, { checkId: check.id, until })
  const limit = type === '' ? PAGE + READ_BEYOND : MOST_LOOKED_THROUGH
  const read = await deps.journal.pingsBefore(check, { before, limit }, now)
  const wanted = read.filter((ping) => type === '' || ping.type === type)
  const shown = wanted.slice(0, PAGE)
  const olderThan = olderThanOf({ read, wanted, shown, limit })
  const filter = { type, until } as const
  const reader = readerOf(call)
  return respond(call, logPage({ project, role, check, reader, filter, read, shown, olderThan }))
}

type Found = {
  readonly read: readonly LoggedPing[]
  readonly wanted: readonly LoggedPing[]
  readonly shown: readonly LoggedPing[]
  readonly limit: number
}

/** Where the next page goes on: behind what is shown, or behind all that was looked through. */
function olderThanOf({ read, wanted, shown, limit }: Found): number | undefined {
  if (wanted.length > shown.length) return shown.at(-1)?.number
  return read.length === limit ? read.at(-1)?.number : undefined
}

type Asked = { readonly checkId: string; readonly until: string }

/** The number that the pings of a page come before: of a link, or of a day. */
async function firstUnshown(
  deps: LogDeps,
  call: ProjectCall,
  { checkId, until }: Asked,
): Promise<number> {
  const before = /^\d{1,12}$/.exec(call.query.text('before'))?.[0]
  if (before !== undefined) return Number(before)
  if (until === '') return BEYOND_ALL
  const last = (await deps.heartbeats.read(checkId))?.pingCount ?? 0
  return deps.journal.numberAt(checkId, endOf(until, readerOf(call).timeZone), last)
}

/** When a day has ended by the clocks of a zone. */
function endOf(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (Number.isNaN(noon)) return Infinity
  const days = daysUntil(noon + 2 * DAY_MS, 4, timeZone)
  return days.find(({ name }) => name === day)?.to ?? Infinity
}
