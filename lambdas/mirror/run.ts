import type { Author } from '../domain/people/audit.ts'
import type { RowFault, HoldCause } from '../domain/mirroring/fault.ts'
import type { MirrorDeps } from './deps.ts'
import type { Attachment } from '../store/source/attachments.ts'
import type { CheckSource } from './source.ts'

/** What a run of the mirror has come to so far. */
export type MirrorTally = {
  changes: number
  missing: number
  stale: number
  orphaned: number
  /** Checks that were left, because too many would go. */
  kept: number
  failed: number
}

/** One run of the mirror, and what it has read once. */
export type MirrorRun = {
  readonly deps: MirrorDeps
  readonly source: CheckSource
  /** Whether somebody has said that what is gone is meant to be gone. */
  readonly isMeant: boolean
  readonly startedAt: number
  /** The ids of the projects attached when it began, by the names that the source has for them. */
  readonly projectIds: ReadonlyMap<string, string>
  readonly faults: Map<string, RowFault>
  /** Why nothing of a project is deleted, by its id. */
  readonly holds: Map<string, HoldCause>
  /** How many rows of a project are written before other projects get their turn. */
  readonly shareOfProject: number
  readonly tally: MirrorTally
}

/** Written in some seconds. */
const SHARE_OF_PROJECT = 2000

export async function beginRun(
  deps: MirrorDeps,
  source: CheckSource,
  isMeant: boolean,
): Promise<MirrorRun> {
  const [attachments, faults, holds] = await Promise.all([
    deps.attachments.all(),
    deps.faults.all(),
    deps.holds.all(),
  ])
  const attached = new Set(attachments.map(({ projectId }) => projectId))
  return {
    deps,
    source,
    isMeant,
    startedAt: deps.clock.now(),
    projectIds: idsByName(attachments),
    faults: new Map(faults.map((fault) => [fault.row, fault])),
    holds: new Map(
      holds
        .filter(({ projectId }) => attached.has(projectId))
        .map(({ projectId, why }) => [projectId, why]),
    ),
    shareOfProject: SHARE_OF_PROJECT,
    tally: { changes: 0, missing: 0, stale: 0, orphaned: 0, kept: 0, failed: 0 },
  }
}

/** The projects that are attached now, which is not when the run began. */
export async function attachedNow({
  deps,
}: Pick<MirrorRun, 'deps'>): Promise<MirrorRun['projectIds']> {
  return idsByName(await deps.attachments.all())
}

/** The first project of a name has it. */
function idsByName(attachments: readonly Attachment[]): MirrorRun['projectIds'] {
  return new Map(attachments.toReversed().map(({ name, projectId }) => [name, projectId]))
}

/** Who makes a change, as it is noted. Changes of one instant are told apart by the request. */
export function theSource({ deps }: MirrorRun): Author {
  return { actor: { kind: 'source' }, requestId: deps.random.uuid() }
}
