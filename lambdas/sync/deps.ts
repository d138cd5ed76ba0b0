import type { Clock } from '../runtime/clock.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'

export type SyncDeps = {
  readonly registry: Pick<Registry, 'scan' | 'existing' | 'project' | 'projects' | 'checks'>
  readonly heartbeats: Pick<Heartbeats, 'versions' | 'define' | 'bury' | 'remove' | 'scan'>
  readonly lookups: Pick<
    Lookups,
    'readMany' | 'define' | 'bury' | 'isPingKey' | 'addPingKey' | 'removePingKey'
  >
  readonly clock: Pick<Clock, 'now'>
}
