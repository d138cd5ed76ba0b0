import type { Deployment } from './platform/deployment.ts'
import type { Settings } from './settings.ts'
import type { Told } from './told.ts'
import type { Owned } from './workload/person.ts'
import type { SourceWrite } from './workload/source-write.ts'
import type { Oddity } from './workload/oddity.ts'
import type { World } from './world.ts'

/** All that is known of one run, for invariants to look into. */
export type Run = {
  readonly seed: number
  readonly settings: Settings
  readonly world: World
  readonly deployment: Deployment
  readonly told: Told
  readonly startAt: number
  readonly endAt: number
  owned: readonly Owned[]
  settled: Settled | undefined
  /** Of a run in which some items can't be read. */
  readonly oddity: Oddity | undefined
  /** What an application has written of checks; of a run with a database that is mirrored. */
  sourced: SourceWrite[] | undefined
  /** Writes of a reconcile when everything is in step. */
  reconcileWrites: readonly string[]
}

/** What came of doing it all again when everything was settled; of a run in which that was done. */
export type Settled = {
  readonly at: number
  /** What the tables held, before and after every event came once more. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** How much was told before that. */
  readonly sentBefore: number
}

export type Violation = { readonly name: string; readonly text: string }

/** A promise of the design. `find` tells what breaks it, one line for each. */
export type Invariant = { readonly name: string; readonly find: (run: Run) => readonly string[] }
