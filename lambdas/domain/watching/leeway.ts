import type { Impairment } from './impairment.ts'
import type { PlannedTime } from './planned-time.ts'

/** What puts a check's deadlines off: pings that could not be taken, and time that is planned. */
export type Leeway = Impairment & { readonly planned?: PlannedTime }
