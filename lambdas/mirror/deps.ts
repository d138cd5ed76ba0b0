import type { Seams } from '../runtime/backoff.ts'
import type { log } from '../runtime/log.ts'
import type { AddChecksDeps } from '../managing/add-check.ts'
import type { ChangedCheckDeps } from '../managing/changed-check.ts'
import type { SoundRulesDeps } from '../managing/sound-rules.ts'
import type { UnpublishDeps } from '../store/publishing.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { AllChecks } from '../store/source/all-checks.ts'
import type { Attachments } from '../store/source/attachments.ts'
import type { RowFaults } from '../store/source/faults.ts'
import type { Holds } from '../store/source/holds.ts'
import type { MirrorMarks } from '../store/source/mirror-marks.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { CheckSource } from './source.ts'

export type MirrorDeps = Seams &
  SoundRulesDeps &
  AddChecksDeps &
  ChangedCheckDeps &
  UnpublishDeps & {
    readonly registry: Pick<Registry, 'createChecks' | 'updateCheck' | 'deleteCheck'>
    readonly allChecks: Pick<AllChecks, 'find'>
    readonly heartbeats: Pick<Heartbeats, 'versions'>
    readonly lookups: Pick<Lookups, 'readMany'>
    readonly attachments: Pick<Attachments, 'all'>
    readonly faults: Pick<RowFaults, 'all' | 'note' | 'forget'>
    readonly holds: Pick<Holds, 'all' | 'hold' | 'release' | 'losses' | 'lossWrite'>
    readonly marks: Pick<MirrorMarks, 'mark'>
    /** Connects to the database. */
    readonly openSource: () => Promise<CheckSource>
    readonly log: typeof log
  }
