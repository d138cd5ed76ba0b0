import type { Clock } from '../runtime/clock.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Windows } from '../store/registry/windows.ts'
import type { Operations } from '../store/watching/operations.ts'

export type SyncDeps = {
  readonly registry: Pick<Registry, 'scan' | 'existing' | 'project' | 'projects' | 'checks'>
  readonly windows: Pick<Windows, 'of'>
  readonly heartbeats: Pick<
    Heartbeats,
    'versions' | 'readMany' | 'define' | 'setWindows' | 'lookAgain' | 'bury' | 'remove' | 'scan'
  >
  readonly lookups: Pick<
    Lookups,
    'readMany' | 'define' | 'bury' | 'isPingKey' | 'addPingKey' | 'removePingKey'
  >
  /** Where windows are looked up. */
  readonly operations: Pick<
    Operations,
    'windows' | 'putWindows' | 'removeWindows' | 'areAssigned' | 'markAssigned'
  >
  readonly clock: Pick<Clock, 'now'>
}
