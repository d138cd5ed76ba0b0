import { auditEntryBy, type Audited, type Author } from '../domain/people/audit.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Write } from '../runtime/database.ts'
import type { Audits } from '../store/people/audits.ts'

export type NotingDeps = {
  readonly audits: Pick<Audits, 'write'>
  readonly clock: Pick<Clock, 'now'>
}

/** What notes a change, to be written with it. */
export function auditWrites(
  { audits, clock }: NotingDeps,
  by: Author,
  change: Audited,
): readonly Write[] {
  return [audits.write(auditEntryBy(by, clock.now(), change))]
}
