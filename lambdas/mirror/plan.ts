import { isDeepStrictEqual } from 'node:util'
import type { ChannelName } from '../domain/telling/channel.ts'
import { changed } from '../domain/watching/check-change.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Lookup } from '../domain/watching/lookup.ts'
import { keptBySource } from '../domain/watching/managed-by.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import { chosenChannelIds, type UnclearChannel } from '../managing/chosen-channels.ts'
import { FieldError } from '../managing/fields/field-error.ts'
import type { MirroredCheck } from './known.ts'
import { readRow, type SaidCheck } from './row.ts'
import type { SourceRow } from './source.ts'
import { refusalWords } from './words.ts'

/** What has to be done so that the registry says what the source says. */
export type RowPlan =
  | { readonly kind: 'keep' }
  | { readonly kind: 'refuse'; readonly words: string }
  | { readonly kind: 'create'; readonly check: Check; readonly buried: Lookup | undefined }
  | { readonly kind: 'change'; readonly before: Check; readonly after: Check }
  | { readonly kind: 'delete'; readonly check: Check }

/** What a plan depends on beside the row and what is known of its check. */
export type PlanTerms = {
  /** The ids of the projects that the source may write, by its names of them. */
  readonly projectIds: ReadonlyMap<string, string>
  readonly channelsOf: (projectId: string) => readonly ChannelName[]
  /** What a check has from its first day. */
  readonly origin: () => Pick<Check, 'createdAt' | 'badgeKey' | 'logFrom'>
}

/** @param row undefined where the source has none */
export function rowPlanOf(
  row: SourceRow | undefined,
  known: MirroredCheck,
  terms: PlanTerms,
): RowPlan {
  if (row === undefined) return planWithoutRow(known, terms)
  try {
    return planWith(readRow(row), known, terms)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    return { kind: 'refuse', words: error.message }
  }
}

/** Only what the source has made, and may write still, goes with its row. */
function planWithoutRow(known: MirroredCheck, { projectIds }: PlanTerms): RowPlan {
  if (known.kind !== 'check') return { kind: 'keep' }
  const { check } = known
  const isTheirs =
    check.managedBy === keptBySource && [...projectIds.values()].includes(check.projectId)
  return isTheirs ? { kind: 'delete', check } : { kind: 'keep' }
}

function planWith(said: SaidCheck, known: MirroredCheck, terms: PlanTerms): RowPlan {
  const projectId = terms.projectIds.get(said.project)
  const refuse = (words: string): RowPlan => ({ kind: 'refuse', words })
  if (projectId === undefined) return refuse('is of a project that is not attached')
  if (known.kind === 'unreadable') return refuse('has a check that the registry cannot read')
  if (known.kind === 'check' && known.check.projectId !== projectId) {
    const moved = planWithoutRow(known, terms)
    return moved.kind === 'delete' ? moved : refuse('has the UUID of a check of another project')
  }
  const before = known.kind === 'check' ? known.check : firstCheck(said, known.version, projectId)
  if (known.kind === 'check' && isKeptByAnother(before))
    return refuse(`has the UUID of a check that is managed by ${before.managedBy ?? ''}`)
  const after = wantedCheck(before, said, terms)
  if ('refusal' in after) return refuse(refusalWords(after))
  if (known.kind === 'absent')
    return { kind: 'create', check: { ...after, ...terms.origin() }, buried: known.buried }
  return isDeepStrictEqual(after, before) ? { kind: 'keep' } : { kind: 'change', before, after }
}

function isKeptByAnother({ managedBy = keptBySource }: Check): boolean {
  return managedBy !== keptBySource
}

/** A check that comes again has a later version than what it left, so that pings believe it. */
function firstCheck({ id }: SaidCheck, left: number, projectId: string): Check {
  const origin = { id, projectId, createdAt: 0, badgeKey: '' }
  return { ...newCheck(origin), version: left + 1 }
}

function wantedCheck(
  before: Check,
  { change, channels }: SaidCheck,
  { channelsOf }: PlanTerms,
): Check | UnclearChannel {
  const isNew = before.createdAt === 0
  const choice = channels ?? (isNew ? 'all' : undefined)
  const owned = { ...change, managedBy: keptBySource } as const
  if (choice === undefined) return changed(before, owned)
  const chosen = chosenChannelIds(choice, channelsOf(before.projectId))
  return 'refusal' in chosen ? chosen : changed(before, { ...owned, channelIds: chosen })
}
