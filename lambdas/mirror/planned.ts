import { boundedFault, type RowFault, rowName } from '../domain/mirroring/fault.ts'
import type { ChannelName } from '../domain/telling/channel.ts'
import { parseUuid } from '../domain/wire/uuid.ts'
import { groupsOf, inGroups } from '../runtime/groups.ts'
import { nameOf, warn } from '../runtime/log.ts'
import { mostFaults } from '../store/source/faults.ts'
import { knownChecks } from './known.ts'
import { type RowPlan, rowPlanOf, type PlanTerms } from './plan.ts'
import { attachedNow, type MirrorRun } from './run.ts'
import type { SourceRow } from './source.ts'

/** A row, by the UUID as the source spells it, and what has to be done about it. */
export type Planned = {
  readonly uuid: string
  /** What the row calls its project. */
  readonly project: string
  readonly plan: RowPlan
}

export const mostRows = 500
/** So many faults of one project are kept, so that those of others have room. */
const MOST_OF_PROJECT = 20

/**
 * Plans for rows that have these UUIDs, or had them. What is known of their checks is read before
 * the rows are: a check that is written after that is not as it was read any more, which the write
 * finds out. So are the projects: a check that was given to people before belongs to none of them.
 */
export async function plannedFor(
  run: MirrorRun,
  uuids: readonly string[],
): Promise<readonly Planned[]> {
  const known = await knownChecks(run.deps, idsOf(uuids))
  const found = await rowsNow(run, uuids)
  const terms = await termsOf({ ...run, projectIds: await attachedNow(run) }, found)
  const rows = Map.groupBy(found, (row) => idOf(String(row['uuid'])))
  return uuids.map((uuid) => {
    const [of, [row, ...more]] = [known.get(idOf(uuid)), rows.get(idOf(uuid)) ?? []]
    if (of === undefined) return { uuid, project: '', plan: noUuid }
    const plan = more.length > 0 ? severalRows : rowPlanOf(row, of, terms)
    return { uuid, project: projectNameOf(row), plan }
  })
}

/**
 * Where the column is text, the UUID of one row may be that of another in other letters, which a
 * search for one of them does not find: rows are taken that have small or capital letters.
 */
async function rowsNow(
  { source }: MirrorRun,
  uuids: readonly string[],
): Promise<readonly SourceRow[]> {
  const found: SourceRow[] = []
  const spellings = [...Map.groupBy(uuids.filter(isUuid), idOf)]
  for (const some of groupsOf(spellings, mostRows)) {
    const asked = some.flatMap(([id, given]) => [id, id.toUpperCase(), ...given])
    found.push(...(await source.rows([...new Set(asked)])))
  }
  return found
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
const severalRows: RowPlan = { kind: 'refuse', words: 'is the UUID of several rows' }

function projectNameOf(row: SourceRow | undefined): string {
  const name = row?.['project']
  return typeof name === 'string' || typeof name === 'number' ? String(name) : ''
}

/**
 * Notes which rows can't be taken, and forgets those that are, or are gone. What is still to be
 * written may be refused again, for as long as before.
 */
export async function noteFaults(run: MirrorRun, planned: readonly Planned[]): Promise<void> {
  for (const { uuid, project, plan } of planned)
    if (plan.kind === 'refuse') await noteFault(run, { uuid, project }, plan.words)
    else if (plan.kind === 'keep') await forgetFault(run, rowName(uuid))
}

export async function noteFault(
  run: MirrorRun,
  { uuid, project }: Pick<Planned, 'uuid' | 'project'>,
  words: string,
): Promise<void> {
  const { deps, faults, startedAt } = run
  const fault = boundedFault({ row: rowName(uuid), project, words, since: startedAt })
  const before = faults.get(fault.row)
  if (before?.words === fault.words && before.project === fault.project) return
  deps.log('source-row-refused', { check: fault.row })
  if (before === undefined && !hasRoom(run, fault)) return
  await keepBooks(run, fault.row, async () => {
    await deps.faults.note(fault)
    faults.set(fault.row, fault)
  })
}

function hasRoom({ faults }: MirrorRun, { project }: RowFault): boolean {
  const ofProject = [...faults.values()].filter((fault) => fault.project === project)
  return faults.size < mostFaults && ofProject.length < MOST_OF_PROJECT
}

export async function forgetFault(run: MirrorRun, row: string): Promise<void> {
  if (run.faults.delete(row)) await keepBooks(run, row, () => run.deps.faults.forget(row))
}

/** What can't be noted of one row must not keep others from being taken. */
async function keepBooks({ tally }: MirrorRun, row: string, note: () => Promise<void>) {
  try {
    await note()
  } catch (error) {
    warn('mirror-failed', { check: row, error: nameOf(error) })
    tally.failed += 1
  }
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
    origin: () => {
      const now = deps.clock.now()
      return { createdAt: now, logFrom: now, badgeKey: deps.random.uuid() }
    },
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
