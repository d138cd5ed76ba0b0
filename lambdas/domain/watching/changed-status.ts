import type { Heartbeat, Since, Status } from './heartbeat.ts'

export function noted(before: Heartbeat, after: Heartbeat, now: number): Heartbeat {
  return after.status === before.status ? after : { ...after, notedAt: now }
}

export function withStatus(heartbeat: Heartbeat, status: Status, since: Since): Heartbeat {
  return heartbeat.status === status ? heartbeat : { ...heartbeat, status, since }
}
