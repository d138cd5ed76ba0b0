import { isDeepStrictEqual } from 'node:util'
import type { Check } from '../domain/watching/check.ts'
import { type Drift, driftOf } from '../domain/watching/drift.ts'
import { lookupOf } from '../domain/watching/lookup.ts'
import { isOwn } from '../domain/watching/own-heartbeats.ts'
import { isWithoutState } from '../domain/watching/state-loss.ts'
import type { Project } from '../domain/people/project.ts'
import type { ProjectWindows } from '../domain/watching/window.ts'
import { log, warn } from '../runtime/log.ts'
import { publishDefinition } from '../store/publishing.ts'
import type { ScanPage } from '../store/watching/heartbeats.ts'
import type { SyncDeps } from './deps.ts'
import { each, succeeds } from './each.ts'
import { readOnce } from './read-once.ts'
import { repairCopy, assignWindows } from './windows.ts'

/**
 * What a reconcile looked at, the drift it found in heartbeats, in lookups and in what is known of
 * windows, how much of that it put right, and how many checks have lost their state: those can't be
 * overdue before their next ping.
 */
export type ReconcileReport = Readonly<
  Record<
    | 'checks'
    | 'heartbeats'
    | Drift
    | 'orphaned'
    | 'lookups'
    | 'windows'
    | 'repaired'
    | 'withoutState'
    | 'failed',
    number
  >
>

const SEGMENTS = 4

/**
 * Compares all checks with all heartbeats and lookups, page by page. What can't be read or written
 * keeps nothing else from it.
 * @throws at the end, when some could not be compared or put right.
 */
export async function reconcile(deps: SyncDeps): Promise<ReconcileReport> {
  const counts = {
    checks: 0,
    heartbeats: 0,
    missing: 0,
    stale: 0,
    orphaned: 0,
    lookups: 0,
    windows: 0,
    repaired: 0,
    failed: 0,
  }
  const found: Findings = { ...counts, lost: new Set(), kept: 0 }
  const pingKeyOf = readOnce(async (id) => (await deps.registry.project(id))?.pingKey)
  const windowsOf = readOnce((id) => deps.windows.of(id))
  await attempt(found, async () => {
    for await (const { checks, broken } of deps.registry.scan()) {
      noteBroken(found, broken)
      found.checks += checks.length
      await attempt(found, () => repairHeartbeats(deps, found, checks))
      await attempt(found, () => repairLookups(deps, found, { checks, pingKeyOf }))
      await attempt(found, () => repairWindows(deps, found, { checks, windowsOf }))
    }
  })
  const projects = await projectsOf(deps, found)
  await repairPingKeys(deps, found, projects ?? [])
  await each(projects ?? [], ({ id }) => repairWindowCopy(deps, found, { id, windowsOf }))
  const keepsOrphans = projects === undefined || projects.length === 0
  const parts = Array.from({ length: SEGMENTS }, (_, segment) => ({ segment, keepsOrphans }))
  await Promise.all(parts.map((part) => attempt(found, () => removeOrphans(deps, found, part))))
  const report = reportOf(found)
  log('reconciled', report)
  if (found.kept > 0 && projects?.length === 0)
    throw new Error(
      `the registry has no project: heartbeats without a check are kept (${found.kept})`,
    )
  if (report.failed > 0)
    throw new Error(
      `reconcile failed for ${report.failed} of ${report.checks} checks: ${JSON.stringify(report)}`,
    )
  return report
}

/**
 * Checks without state, by id, because the scan may or may not see those that were restored just
 * before it; and how many heartbeats without a check were kept.
 */
type Findings = { -readonly [Name in Exclude<keyof ReconcileReport, 'withoutState'>]: number } & {
  readonly lost: Set<string>
  kept: number
}

function reportOf({ lost, kept: _, ...counts }: Findings): ReconcileReport {
  return { ...counts, withoutState: lost.size }
}

/** Writes the definitions that heartbeats lack. */
async function repairHeartbeats(
  deps: SyncDeps,
  found: Findings,
  checks: readonly Check[],
): Promise<void> {
  const versions = await deps.heartbeats.versions(checks.map(({ id }) => id))
  await each(checks, async (check) => {
    const drift = driftOf(check.version, versions.get(check.id))
    if (drift === undefined) return
    found[drift] += 1
    await repair(found, check.id, async () => {
      const outcome = await publishDefinition(deps, check)
      if (outcome === 'lost') found.lost.add(check.id)
      return outcome !== 'stale'
    })
  })
}

type Page = {
  readonly checks: readonly Check[]
  readonly pingKeyOf: (projectId: string) => Promise<string | undefined>
}

/** Writes the aliases and rules that pings can't look up, or that they would find out of date. */
async function repairLookups(
  { lookups }: SyncDeps,
  found: Findings,
  { checks, pingKeyOf }: Page,
): Promise<void> {
  const stored = await lookups.readMany(checks.map(({ id }) => id))
  await each(checks, (check) =>
    repair(found, check.id, async () => {
      const wanted = lookupOf(check, await pingKeyOf(check.projectId))
      const before = stored.get(check.id)
      if (
        isDeepStrictEqual(before, wanted) ||
        (before !== undefined && before.version > wanted.version)
      )
        return false
      found.lookups += 1
      return (await lookups.define(check.id, wanted)) === 'written'
    }),
  )
}

type WindowsOf = (projectId: string) => Promise<ProjectWindows>
type PlannedPage = { readonly checks: readonly Check[]; readonly windowsOf: WindowsOf }

/** Heartbeats of projects that never had windows are not read. */
async function repairWindows(
  deps: SyncDeps,
  found: Findings,
  { checks, windowsOf }: PlannedPage,
): Promise<void> {
  for (const [projectId, some] of Map.groupBy(checks, (check) => check.projectId)) {
    const isDone = await succeeds(projectId, async () => {
      const all = await windowsOf(projectId)
      if (all.revision === 0) return
      const { written, failed } = await assignWindows(deps, all, {
        checks: some,
        haveChanged: false,
      })
      found.windows += written
      found.repaired += written
      found.failed += failed
    })
    if (!isDone) found.failed += 1
  }
}

type PlannedProject = { readonly id: string; readonly windowsOf: WindowsOf }

async function repairWindowCopy(
  deps: SyncDeps,
  found: Findings,
  { id, windowsOf }: PlannedProject,
): Promise<void> {
  await repair(found, id, async () => {
    const isRepaired = await repairCopy(deps, id, await windowsOf(id))
    if (isRepaired) found.windows += 1
    return isRepaired
  })
}

/** All projects; undefined when they can't be read. */
async function projectsOf(
  { registry }: SyncDeps,
  found: Findings,
): Promise<readonly Project[] | undefined> {
  let projects: readonly Project[] | undefined
  await attempt(found, async () => {
    projects = await registry.projects((project) => noteBroken(found, [project]))
  })
  return projects
}

async function repairPingKeys(
  { lookups }: SyncDeps,
  found: Findings,
  projects: readonly Project[],
): Promise<void> {
  await each(projects, ({ id, pingKey }) =>
    repair(found, id, async () => {
      if (await lookups.isPingKey(pingKey)) return false
      found.lookups += 1
      await lookups.addPingKey(pingKey, id)
      return true
    }),
  )
}

type Part = { readonly segment: number; readonly keepsOrphans: boolean }

/**
 * Removes the heartbeats that have no check. The registry is read consistently, and after the
 * heartbeat. Where there is no project at all, the registry was lost rather than emptied: then
 * orphans are kept, with the state that pings have left, until it is restored.
 */
async function removeOrphans(
  deps: SyncDeps,
  found: Findings,
  { segment, keepsOrphans }: Part,
): Promise<void> {
  for await (const page of deps.heartbeats.scan(segment, SEGMENTS)) {
    noteBroken(found, page.broken)
    const ofChecks = page.heartbeats.filter(({ id }) => !isOwn(id))
    found.heartbeats += ofChecks.length
    await attempt(found, () => removeAbsent(deps, found, { ofChecks, keepsOrphans }))
  }
}

type Present = { readonly ofChecks: ScanPage['heartbeats']; readonly keepsOrphans: boolean }

async function removeAbsent(
  deps: SyncDeps,
  found: Findings,
  { ofChecks, keepsOrphans }: Present,
): Promise<void> {
  const existing = await deps.registry.existing(ofChecks.map(({ id }) => id))
  const orphans = ofChecks.filter(({ id }) => !existing.has(id))
  for (const heartbeat of ofChecks)
    if (existing.has(heartbeat.id) && isWithoutState(heartbeat)) found.lost.add(heartbeat.id)
  if (keepsOrphans) found.kept += orphans.length
  else await removeAll(deps, found, orphans)
}

/**
 * Lookups are removed before the heartbeat that they lead to; else a slug could stay taken by
 * nothing.
 */
async function removeAll(
  { heartbeats, lookups, clock }: SyncDeps,
  found: Findings,
  orphans: ScanPage['heartbeats'],
): Promise<void> {
  const stored = await lookups.readMany(orphans.map(({ id }) => id))
  await each(orphans, async ({ id, version }) => {
    await repair(found, id, async () => {
      const lookup = stored.get(id)
      if (lookup !== undefined && lookup.version <= version)
        await lookups.bury(id, version + 1, clock.now())
      const isRemoved = (await heartbeats.remove(id, version)) === 'removed'
      if (isRemoved) found.orphaned += 1
      return isRemoved
    })
  })
}

/** Counts a repair that changed something, or that failed. */
async function repair(found: Findings, check: string, work: () => Promise<boolean>): Promise<void> {
  const isDone = await succeeds(check, async () => {
    if (await work()) found.repaired += 1
  })
  if (!isDone) found.failed += 1
}

/** Work on many at once, such as a page. A failure is counted, and the rest goes on. */
async function attempt(found: Findings, work: () => Promise<void>): Promise<void> {
  if (!(await succeeds('', work))) found.failed += 1
}

function noteBroken(found: Findings, broken: readonly string[]): void {
  found.failed += broken.length
  for (const check of broken) warn('sync-failed', { check, error: 'unreadable' })
}
