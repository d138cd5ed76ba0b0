import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { statusAt, type Heartbeat } from './heartbeat.ts'
import { type Impairment, unimpaired } from './impairment.ts'
import type { Project } from './project.ts'

/** What a badge says of the checks behind it. */
export type BadgeStatus = 'up' | 'late' | 'down'

/** How the checks behind a badge are: `grace` counts those that are late, but not yet down. */
export type Tally = { readonly total: number; readonly grace: number; readonly down: number }

/** What stands for all checks of a project where else a tag stands. */
export const everyTag = '*'

const SIGNATURE_LENGTH = 8

/** New, paused and running checks count as up. */
export function tallyOf(heartbeats: readonly Heartbeat[], now: number, impairment: Impairment = unimpaired): Tally {
  const statuses = heartbeats.map((heartbeat) => statusAt(heartbeat, now, impairment))
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length
  return { total: statuses.length, grace: count('grace'), down: count('down') }
}

/** The worst of the checks; a badge of two states calls a late check up. */
export function badgeStatusOf({ grace, down }: Tally, { showsLate }: { readonly showsLate: boolean }): BadgeStatus {
  if (down > 0) return 'down'
  return showsLate && grace > 0 ? 'late' : 'up'
}

/**
 * What a badge URL has to know of a tag: the form of the wire contract 1, signed with the project's badge key, which no URL shows.
 * So who was given the badge of one tag can't look at another.
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
