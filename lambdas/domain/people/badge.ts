import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { statusAt } from '../watching/status-at.ts'
import type { Leeway } from '../watching/leeway.ts'
import type { Heartbeat } from '../watching/heartbeat.ts'
import type { Project } from './project.ts'

/** What a badge says of the checks behind it. Two states have neither late nor planned. */
export type BadgeStatus = 'up' | 'late' | 'down' | 'planned'

/** How some checks are: `grace` counts those that are late, but not yet down. */
type Counts = { readonly total: number; readonly grace: number; readonly down: number }

/** How the checks behind a badge are, and those of them that are in a window, if any. */
export type Tally = Counts & { readonly planned?: Counts }

/** What a badge of a project shows, and the signature in its URL. */
export type SignedTag = {
  readonly projectId: string
  readonly tag: string
  readonly signature: string
}

/** A tally that serves all who look until it is too old. */
export type KeptTally = {
  readonly tally: Tally
  readonly countedAt: number
  readonly freshUntil: number
}

/** Stands for all checks of a project in the place of a tag. */
export const everyTag = '*'

const SIGNATURE_LENGTH = 8

/** Up to this many checks cost less to read than a tally costs to keep. */
const MOST_COUNTED_ANEW = 20
/** Definitions of checks that lie in one read unit; a heartbeat is one by itself. */
const CHECKS_A_UNIT = 5
const MS_A_UNIT = 50
const SHORTEST_AGE_MS = 1000
const LONGEST_AGE_MS = 5 * 60_000

type Counted = { readonly heartbeat: Heartbeat; readonly leeway: Leeway }

/** New, paused and running checks count as up. */
export function tallyOf(checks: readonly Counted[], now: number): Tally {
  const planned = checks.filter(({ leeway }) => leeway.planned?.(now, now) !== undefined)
  const counts = countsOf(checks, now)
  return planned.length === 0 ? counts : { ...counts, planned: countsOf(planned, now) }
}

function countsOf(checks: readonly Counted[], now: number): Counts {
  const statuses = checks.map(({ heartbeat, leeway }) => statusAt(heartbeat, now, leeway))
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length
  return { total: statuses.length, grace: count('grace'), down: count('down') }
}

/** Whether the checks of a project are so many that a tally of them is kept. */
export function isTallyKept(checks: number): boolean {
  return checks > MOST_COUNTED_ANEW
}

/**
 * How long a tally serves: the more it took to count, the longer. A badge takes no key, so anybody
 * may look at it over and over; this keeps it to some 20 read units a second.
 * @param checks all checks of the project, whose definitions are read
 * @param counted those behind the badge, whose heartbeats are read
 */
export function tallyAgeMs(checks: number, counted: number): number {
  const units = checks / CHECKS_A_UNIT + counted
  return Math.min(LONGEST_AGE_MS, Math.max(SHORTEST_AGE_MS, Math.ceil(units * MS_A_UNIT)))
}

const none: Counts = { total: 0, grace: 0, down: 0 }

/**
 * The worst of the checks. A badge of two states calls a late check up, and looks at no window;
 * with three states a check in a window is neither late nor down.
 */
export function badgeStatusOf(
  { grace, down, planned = none }: Tally,
  { showsLate }: { readonly showsLate: boolean },
): BadgeStatus {
  if (!showsLate) return down > 0 ? 'down' : 'up'
  if (down > planned.down) return 'down'
  if (grace > planned.grace) return 'late'
  return planned.total > 0 ? 'planned' : 'up'
}

/**
 * Signs a tag for a badge URL, in the form of Healthchecks. The project's badge key, which no URL
 * shows, is part of it, so the badge of one tag does not open another.
 */
export function badgeSignature({ id, badgeKey }: Signer, tag: string): string {
  const secret = createHash('sha1').update(id).update(badgeKey).digest()
  return createHmac('sha1', secret).update(tag).digest('base64url').slice(0, SIGNATURE_LENGTH)
}

export function isSigned(project: Signer, tag: string, signature: string): boolean {
  const [wanted, given] = [badgeSignature(project, tag), signature].map((text) => Buffer.from(text))
  return wanted !== undefined && given?.length === wanted.length && timingSafeEqual(given, wanted)
}

type Signer = Pick<Project, 'id' | 'badgeKey'>
