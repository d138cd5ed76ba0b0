import type { Alerting } from '../alerting.ts'
import type { Bouncing } from '../bouncing.ts'
import type { Dashboard } from '../dashboard.ts'
import type { Drilling } from '../drilling.ts'
import type { Management } from '../management.ts'
import type { Mirroring } from '../mirroring.ts'
import type { Pinging } from '../pinging.ts'
import type { Receiving } from '../receiving.ts'
import type { Recording } from '../recording.ts'
import type { Replaying, Spilling } from '../spilling.ts'
import type { Sweeping } from '../sweeping.ts'
import type { Syncing } from '../syncing.ts'

/** The parts of a deployment that alarms watch. */
export type WatchedParts = {
  readonly pinging: Pinging
  readonly spilling: Spilling
  readonly replaying: Replaying
  readonly management: Management
  /** Where there are pages. */
  readonly dashboard: Dashboard | undefined
  readonly syncing: Syncing
  /** Where a database says which checks there are. */
  readonly mirroring: Mirroring | undefined
  readonly recording: Recording
  readonly alerting: Alerting
  readonly bouncing: Bouncing
  readonly sweeping: Sweeping
  /** Where mail pings. */
  readonly receiving: Receiving | undefined
  readonly drilling: Drilling
}
