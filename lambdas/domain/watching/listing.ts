import { type Check, tagsOf } from './check.ts'
import type { Heartbeat, Status } from './heartbeat.ts'

/** A status as people see it, by the word that stands in addresses: `late` is `grace`. */
export const listStatuses = ['down', 'late', 'up', 'new', 'paused'] as const
export type ListStatus = (typeof listStatuses)[number]

export const listOrders = ['worst', 'name', 'last', 'newest'] as const
export type ListOrder = (typeof listOrders)[number]

/** A check as it is now. */
export type ListedCheck = {
  readonly check: Check
  readonly heartbeat: Heartbeat
  readonly status: ListStatus
}

export type ListQuery = {
  /** Words that each stand in the name, the slug or a tag. */
  readonly text: string
  readonly status: ListStatus | undefined
  readonly tags: readonly string[]
  /** Only checks whose status has changed since. */
  readonly flippedSince: number | undefined
  readonly order: ListOrder
  /** From 1 on. */
  readonly page: number
}

export const LIST_PAGE = 100

export type Listing<Of extends ListedCheck = ListedCheck> = {
  readonly rows: readonly Of[]
  /** How many checks match, on all pages. */
  readonly total: number
  /** The page that is shown: the last one where the query asks for a later one. */
  readonly page: number
  /** How many of each status match, whatever status is asked for. */
  readonly counts: Readonly<Record<ListStatus, number>>
  /** The tags of all checks with how many have them, most used first. */
  readonly tags: readonly (readonly [tag: string, count: number])[]
}

/** The page of a list that a query asks for. */
export function listingOf<Of extends ListedCheck>(
  all: readonly Of[],
  query: ListQuery,
): Listing<Of> {
  const matching = all.filter((listed) => matches(listed, query))
  const shown = matching.filter(({ status }) => (query.status ?? status) === status)
  const pages = Math.max(1, Math.ceil(shown.length / LIST_PAGE))
  const page = Math.min(pages, Math.max(1, query.page))
  const start = (page - 1) * LIST_PAGE
  return {
    rows: shown.toSorted(orders[query.order]).slice(start, start + LIST_PAGE),
    total: shown.length,
    page,
    counts: statusCountsOf(matching),
    tags: tagCounts(all),
  }
}

export function statusCountsOf(all: readonly ListedCheck[]): Listing['counts'] {
  const counts = { down: 0, late: 0, up: 0, new: 0, paused: 0 }
  for (const { status } of all) counts[status] += 1
  return counts
}

export function listStatusOf(status: Status | 'grace'): ListStatus {
  return status === 'grace' ? 'late' : status
}

/** Whether the status has changed since an instant. */
export function hasFlippedSince({ heartbeat: { since } }: ListedCheck, instant: number): boolean {
  return since !== undefined && since.at >= instant
}

function matches(listed: ListedCheck, { text, tags, flippedSince }: ListQuery): boolean {
  const { check } = listed
  if (flippedSince !== undefined && !hasFlippedSince(listed, flippedSince)) return false
  const own = tagsOf(check)
  if (!tags.every((tag) => own.includes(tag))) return false
  if (text === '') return true
  const searched = `${check.name} ${check.slug} ${check.tags}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word))
}

type Compare = (one: ListedCheck, other: ListedCheck) => number

const byName: Compare = ({ check: one }, { check: other }) =>
  compared(one.name.toLowerCase(), other.name.toLowerCase()) || compared(one.id, other.id)

/** Of equal status, what changed last comes first. */
const byWorst: Compare = (one, other) =>
  listStatuses.indexOf(one.status) - listStatuses.indexOf(other.status) ||
  (isTrouble(one) ? (other.heartbeat.since?.at ?? 0) - (one.heartbeat.since?.at ?? 0) : 0) ||
  byName(one, other)

const orders: Readonly<Record<ListOrder, Compare>> = {
  worst: byWorst,
  name: byName,
  last: (one, other) =>
    (other.heartbeat.lastPingAt ?? 0) - (one.heartbeat.lastPingAt ?? 0) || byName(one, other),
  newest: (one, other) => other.check.createdAt - one.check.createdAt || byName(one, other),
}

function isTrouble({ status }: ListedCheck): boolean {
  return status === 'down'
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function tagCounts(all: readonly ListedCheck[]): Listing['tags'] {
  const counts = new Map<string, number>()
  for (const { check } of all)
    for (const tag of new Set(tagsOf(check))) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].toSorted(
    ([one, ones], [other, others]) => others - ones || compared(one, other),
  )
}
