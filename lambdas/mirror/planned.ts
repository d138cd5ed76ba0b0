import { rowName } from '../domain/mirroring/fault.ts'
import type { ChannelName } from '../domain/telling/channel.ts'
import { parseUuid } from '../domain/wire/uuid.ts'
import { groupsOf, inGroups } from '../runtime/groups.ts'
import { mostFaults } from '../store/source/faults.ts'
import { knownChecks } from './known.ts'
import { type RowPlan, rowPlanOf, type PlanTerms } from './plan.ts'
import type { MirrorRun } from './run.ts'
import type { SourceRow } from './source.ts'

/** A row, by the UUID as the source spells it, and what has to be done about it. */
export type Planned = {
  readonly uuid: string
  /** What the row calls its project. */
  readonly project: string
  readonly plan: RowPlan
}

export const mostRows = 500
const LONGEST_NAME = 200

/**
 * Plans for rows that have these UUIDs, or had them. What is known of their checks is read before
 * the rows are: a check that is written after that is not as it was read any more, which the write
 * finds out.
 */
export async function plannedFor(
  run: MirrorRun,
  uuids: readonly string[],
): Promise<readonly Planned[]> {
  const known = await knownChecks(run.deps, idsOf(uuids))
  const rows = new Map<string, SourceRow>()
  for (const some of groupsOf(uuids.filter(isUuid), mostRows))
    for (const row of await run.source.rows(some)) rows.set(idOf(String(row['uuid'])), row)
  const terms = await termsOf(run, [...rows.values()])
  return uuids.map((uuid) => {
    const [row, of] = [rows.get(idOf(uuid)), known.get(idOf(uuid))]
    const plan: RowPlan = of === undefined ? noUuid : rowPlanOf(row, of, terms)
    return { uuid, project: projectNameOf(row), plan }
  })
}

/** Plans for rows that have been read before their checks are: good to see what may differ. */
export async function plannedRows(
  run: MirrorRun,
  rows: readonly SourceRow[],
): Promise<readonly Planned[]> {
  const known = await knownChecks(run.deps, idsOf(rows.map((row) => String(row['uuid']))))
  const terms = await termsOf(run, rows)
  return rows.map((row) => {
    const uuid = String(row['uuid'])
    const of = known.get(idOf(uuid)) ?? { kind: 'absent', version: 0, buried: undefined }
    return { uuid, project: projectNameOf(row), plan: rowPlanOf(row, of, terms) }
  })
}

const noUuid: RowPlan = { kind: 'refuse', words: 'is noted as changed, and is no UUID' }

function projectNameOf(row: SourceRow | undefined): string {
  const name = row?.['project']
  return typeof name === 'string' || typeof name === 'number' ? String(name) : ''
}

/** Notes which rows can't be taken, and forgets those that now can, or are gone. */
export async function noteFaults(run: MirrorRun, planned: readonly Planned[]): Promise<void> {
  for (const { uuid, project, plan } of planned)
    if (plan.kind === 'refuse') await noteFault(run, { uuid, project }, plan.words)
    else await forgetFault(run, rowName(uuid))
}

export async function noteFault(
  { deps, faults, startedAt }: MirrorRun,
  { uuid, project }: Pick<Planned, 'uuid' | 'project'>,
  words: string,
): Promise<void> {
  const row = rowName(uuid)
  const before = faults.get(row)
  if (before?.words === words && before.project === project) return
  deps.log('source-row-refused', { check: row })
  const fault = { row, project: project.slice(0, LONGEST_NAME), words, since: startedAt }
  if (before === undefined && faults.size >= mostFaults) return
  await deps.faults.note(fault)
  faults.set(row, fault)
}

export async function forgetFault({ deps, faults }: MirrorRun, row: string): Promise<void> {
  if (!faults.delete(row)) return
  await deps.faults.forget(row)
}

/** The channels of the rows' projects are read, and nothing else. */
async function termsOf(
  { deps, projectIds }: MirrorRun,
  rows: readonly SourceRow[],
): Promise<PlanTerms> {
  const named = new Set(rows.map((row) => projectIds.get(String(row['project']))))
  const ids = [...named].filter((id) => id !== undefined)
  const channels = new Map<string, readonly ChannelName[]>()
  await inGroups(ids, 10, async (id) => channels.set(id, await deps.registry.channelNames(id)))
  return {
    projectIds,
    channelsOf: (projectId) => channels.get(projectId) ?? [],
    origin: () => ({ createdAt: deps.clock.now(), badgeKey: deps.random.uuid() }),
  }
}

function idsOf(uuids: readonly string[]): readonly string[] {
  return [...new Set(uuids.filter(isUuid).map(idOf))]
}

function isUuid(text: string): boolean {
  return parseUuid(text) !== undefined
}

function idOf(uuid: string): string {
  return parseUuid(uuid) ?? uuid
}
