import { isCanary } from '../../../lambdas/domain/watching/own-heartbeats.ts'
import type { Run } from '../invariant.ts'
import { ruledTag } from '../workload/ruled.ts'
import type { Process } from '../process.ts'

/**
 * A heartbeat's item as it lay in the table, its attributes under their stored names; read here
 * without the code under test.
 */
export type Beat = {
  readonly id: string
  readonly v: number
  readonly z?: number
  readonly s: string
  readonly n: number
  readonly p?: number
  readonly t?: number
  readonly r?: string
  readonly q?: string
  readonly a?: string
  readonly w?: number
  readonly W?: number
  readonly y?: string
  readonly u?: number
  readonly U?: number
  readonly h?: number
  readonly P?: number
  readonly C?: string
  readonly O?: string
  readonly Z?: string
  readonly G: number
  readonly M?: string
  readonly m?: boolean
  readonly x?: number
  readonly X?: number
  readonly E?: number
  readonly D?: number
  readonly R?: string
  readonly g?: string
  readonly S?: number
  readonly c?: {
    readonly k: string
    readonly i: number
    readonly r?: string
    readonly m: string
    readonly b: number
    readonly x?: number
  }
}

/** One write to a heartbeat; an absent side, or a tombstone, is none. */
export type Change = {
  readonly id: string
  readonly at: number
  readonly by: Process
  readonly before: Beat | undefined
  readonly after: Beat | undefined
}

type Value = {
  readonly S?: string
  readonly N?: string
  readonly BOOL?: boolean
  readonly L?: readonly Value[]
  readonly M?: Readonly<Record<string, Value>>
}

const known = new WeakMap<Run, readonly Change[]>()

/**
 * All writes to heartbeats of checks in their true order; Overdue's own canary is nobody's check.
 */
export function changesOf(run: Run): readonly Change[] {
  const found = known.get(run)
  if (found !== undefined) return found
  const changes = run.world
    .writesTo('Heartbeats')
    .flatMap(({ at, by, record: { dynamodb } }): readonly Change[] => {
      const id = dynamodb?.Keys?.['id']?.S ?? ''
      const [before, after] = [beatOf(dynamodb?.OldImage), beatOf(dynamodb?.NewImage)]
      return isCanary(id) ? [] : [{ id, at, by, before, after }]
    })
  known.set(run, changes)
  return changes
}

/** Those of checks without rules, which much is promised of that rules change. */
export function plainChangesOf(run: Run): readonly Change[] {
  const ruled = ruledChecks(run)
  return ruled.size === 0 ? changesOf(run) : changesOf(run).filter(({ id }) => !ruled.has(id))
}

export function plainChangesByCheck(run: Run): ReadonlyMap<string, readonly Change[]> {
  return Map.groupBy(plainChangesOf(run), ({ id }) => id)
}

const knownRuled = new WeakMap<Run, ReadonlySet<string>>()

/** The checks that have rules, windows and snoozes. */
export function ruledChecks(run: Run): ReadonlySet<string> {
  const found = knownRuled.get(run) ?? findRuled(run)
  knownRuled.set(run, found)
  return found
}

function findRuled({ world }: Run): ReadonlySet<string> {
  const images = world.writesTo('Registry').map(({ record }) => record.dynamodb?.NewImage)
  const ruled = images.filter((image) => image?.['tags']?.S === ruledTag)
  return new Set(ruled.map((image) => image?.['id']?.S ?? ''))
}

/** The writes to each heartbeat. */
export function changesByCheck(run: Run): ReadonlyMap<string, readonly Change[]> {
  return Map.groupBy(changesOf(run), ({ id }) => id)
}

/** Whether a write counted a ping. */
export function isCounted({ before, after }: Change): boolean {
  return after !== undefined && before !== undefined && after.n !== before.n
}

/** Heartbeats as they are when all is over. */
export function beatsOf(run: Run): readonly Beat[] {
  const beats = run.world.tables.items('Heartbeats').flatMap((item) => beatOf(item as Item) ?? [])
  return beats.filter(({ id }) => !isCanary(id))
}

type Item = Readonly<Record<string, Value>>

function beatOf(item: Item | undefined): Beat | undefined {
  return item === undefined || item['z'] !== undefined ? undefined : (plain({ M: item }) as Beat)
}

/** What an attribute holds, as JavaScript has it. */
export function plain({ S, N, BOOL, M, L }: Value): unknown {
  if (N !== undefined) return Number(N)
  if (L !== undefined) return L.map(plain)
  if (M === undefined) return S ?? BOOL
  const fields: Record<string, unknown> = {}
  for (const name in M) fields[name] = plain(M[name] ?? {})
  return fields
}

/** All items of a table in plain form. */
export function itemsOf(run: Run, table: string): readonly Readonly<Record<string, unknown>>[] {
  return run.world.tables.items(table).map((item) => plain({ M: item }) as Record<string, unknown>)
}
