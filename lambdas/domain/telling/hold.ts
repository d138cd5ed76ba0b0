import type { Heartbeat, Status } from '../watching/heartbeat.ts'
import { snoozedUntilAt } from '../watching/snooze.ts'
import type { HoldingWindow } from '../watching/window.ts'

/** Why alerts of a check wait. The check that is depended on may have no name. */
export type HoldReason =
  | { readonly kind: 'snoozed' }
  | { readonly kind: 'window'; readonly name: string }
  | { readonly kind: 'depends'; readonly name: string; readonly checkId: string }

/** What holds alerts, and when to look again. It may hold longer, or less long. */
export type Hold = { readonly reason: HoldReason; readonly until: number }

/** A check that is depended on: what people see of it, and when it goes down without a ping. */
export type Parent = {
  readonly id: string
  readonly name: string
  readonly status: Status | 'grace'
  readonly deadline: number | undefined
}

export type Holding = {
  readonly heartbeat: Heartbeat
  readonly now: number
  readonly windows: readonly HoldingWindow[]
  readonly parents: readonly Parent[]
}

/** Less than the minute between two sweeps, so that each of them looks again. */
const LOOK_EVERY_MS = 50_000
/** How much later than its own deadline a check waits for that of one it depends on. */
const AHEAD_MS = 60_000
/** How long after a deadline a ping from before it is known for certain. */
const SETTLED_MS = 3000

/** What holds the alerts of a check now; undefined for nothing. */
export function holdOf({ heartbeat, now, windows, parents }: Holding): Hold | undefined {
  const snoozedUntil = snoozedUntilAt(heartbeat, now)
  if (snoozedUntil !== undefined) return { reason: { kind: 'snoozed' }, until: snoozedUntil }
  return holdByWindow(windows) ?? holdByParent(heartbeat, parents, now)
}

/** The window that ends last holds as long as all of them. */
function holdByWindow(windows: readonly HoldingWindow[]): Hold | undefined {
  const [last] = windows.toSorted((one, other) => other.endsAt - one.endsAt)
  return last && { reason: { kind: 'window', name: last.name }, until: last.endsAt }
}

/** One that is down counts before one that may be down soon. */
function holdByParent(
  heartbeat: Heartbeat,
  parents: readonly Parent[],
  now: number,
): Hold | undefined {
  const down = parents.find(({ status }) => status === 'down')
  if (down !== undefined) return { reason: dependsOn(down), until: now + LOOK_EVERY_MS }
  const awaited = parents.flatMap((parent) => {
    const until = settledAtOf(parent, heartbeat)
    return until === undefined || until <= now ? [] : [{ reason: dependsOn(parent), until }]
  })
  return awaited.toSorted((one, other) => one.until - other.until)[0]
}

function dependsOn({ id, name }: Parent): HoldReason {
  return { kind: 'depends', name, checkId: id }
}

/**
 * When it is known whether a parent has missed its deadline, too; undefined when the heartbeat need
 * not wait for that.
 */
function settledAtOf({ deadline }: Parent, { status, since }: Heartbeat): number | undefined {
  const kind = since?.cause?.kind
  if (status !== 'down' || since === undefined || deadline === undefined) return undefined
  if (kind !== 'missed' && kind !== 'unfinished') return undefined
  return since.at <= deadline && deadline <= since.at + AHEAD_MS ? deadline + SETTLED_MS : undefined
}
