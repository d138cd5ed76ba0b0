import type { DownCause } from './down-cause.ts'
import {
  type HeartbeatState,
  type Heartbeat,
  type Since,
  type Status,
  type StatusChange,
  statuses,
} from './heartbeat.ts'

/**
 * A change of a check's stored status. Its instant is that of its cause: the ping, the deadline,
 * the pause. `count` is the number of pings before it, and tells apart two flips of one instant.
 */
export type Flip = StatusChange & {
  readonly checkId: string
  readonly from: Status
  readonly reason: FlipReason
  /** For a recovery: when the outage that it ends began, where that is known. */
  readonly downSinceAt?: number
}

export type FlipReason = '' | 'timeout' | 'fail'

/** The flip between two images of one heartbeat; undefined when its status did not change. */
export function flipBetween(before: Heartbeat, after: Heartbeat): Flip | undefined {
  const { id: checkId, status, since } = after
  if (before.status === status || since === undefined) return undefined
  if (before.status === 'down' && status === 'up') return recovery(checkId, since, before.since?.at)
  return flipTo(after, since, before.status)
}

/**
 * Whether people are told of a flip: of every way down, and of the way from down to up (wire
 * contract 3.7).
 */
export function isAlert(flip: Flip): boolean {
  return flip.status === 'down' || (flip.status === 'up' && flip.from === 'down')
}

/** Identifies a flip within its check, and sorts flips by time. */
export function flipKey({ at, count, status }: StatusChange): string {
  return `${at.toString().padStart(15, '0')}#${count.toString().padStart(12, '0')}#${status}`
}

/** The change of status that a key stands for. @throws when it stands for none. */
export function statusChangeOf(key: string): StatusChange {
  const [at, count, word] = key.split('#')
  const status = statuses.find((each) => each === word)
  if (status === undefined) throw new Error(`a flip's key must end in a status, got ${key}`)
  return { at: Number(at), count: Number(count), status }
}

export function isSameChange(one: StatusChange, other: StatusChange | undefined): boolean {
  return one.at === other?.at && one.count === other.count && one.status === other.status
}

/**
 * The alerting flip that led to the heartbeat's status; undefined when there is none, or it was
 * acknowledged. A recovery needs an alert exactly when the last acknowledged flip is a way down.
 */
export function unacknowledgedFlip(heartbeat: HeartbeatState): Flip | undefined {
  const { since, acknowledged, status } = heartbeat
  if (since === undefined) return undefined
  if (status === 'down') {
    const flip = outageFlipOf(heartbeat)
    return flip !== undefined && isSameChange(flip, acknowledged) ? undefined : flip
  }
  if (status !== 'up' || acknowledged?.status !== 'down') return undefined
  return recovery(heartbeat.id, since, acknowledged.at)
}

/** The flip that brought a check down, while it is. What it was before is not known any more. */
export function outageFlipOf(heartbeat: HeartbeatState): Flip | undefined {
  const { status, since } = heartbeat
  return status === 'down' && since !== undefined ? flipTo(heartbeat, since, 'up') : undefined
}

/**
 * Whether a check still is what a flip made of it. A recovery is known by its count alone, and its
 * instant may be that of its outage.
 */
export function isCurrentFlip(flip: Flip, { status, since }: HeartbeatState): boolean {
  const isSame = flip.status === status && flip.count === since?.count
  return isSame && (status !== 'down' || flip.at === since.at)
}

/** Whether the outage that a flip began or ended has been told, or waits to be. */
export function isOutageAcknowledged(flip: Flip, { acknowledged }: HeartbeatState): boolean {
  return flip.status === 'down'
    ? isSameChange(flip, acknowledged)
    : acknowledged?.status === 'down' && acknowledged.at === flip.downSinceAt
}

/**
 * When people began to wait for an alert: when the status changed, or when that was written, if
 * later.
 */
export function notedAtOf({ since, notedAt }: HeartbeatState): number | undefined {
  return since && Math.max(since.at, notedAt ?? since.at)
}

/** A late ping may bring a check up as of an instant before it went down. */
function recovery(checkId: string, since: Since, downSinceAt: number | undefined): Flip {
  const flip = { checkId, count: since.count, status: 'up', from: 'down', reason: '' } as const
  return downSinceAt === undefined
    ? { ...flip, at: since.at }
    : { ...flip, at: Math.max(since.at, downSinceAt), downSinceAt }
}

function flipTo({ id, status }: HeartbeatState, { at, count, cause }: Since, from: Status): Flip {
  return { checkId: id, at, count, status, from, reason: reasonFor(cause) }
}

function reasonFor(cause: DownCause | undefined): FlipReason {
  if (cause === undefined) return ''
  return cause.kind === 'missed' || cause.kind === 'unfinished' ? 'timeout' : 'fail'
}
