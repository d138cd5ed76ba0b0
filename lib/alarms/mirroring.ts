import { Duration } from 'aws-cdk-lib'
import { fiveMinutes, sum, type Watch } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function mirrorWatches({
  mirroring,
}: Pick<WatchedParts, 'mirroring'>): Readonly<Record<string, Watch>> {
  if (mirroring === undefined) return {}
  const { mirror } = mirroring
  return {
    MirrorErrors: {
      ...sum(mirror.metricErrors({ period: Duration.minutes(1) })),
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      means:
        'The database that says which checks there are has not been mirrored for five minutes. Pings and alerts go on by what was last known. Look at the log of the Mirror function: is the database away, is the way to it closed, can some checks not be written?',
    },
    SourceRowsRefused: {
      metric: mirror.metricOfEvents('source-faults', fiveMinutes.period, 'rows'),
      threshold: 1,
      means:
        'Rows of the database cannot be taken, and their checks stay as they were. npx overdue source status names the rows and what is wrong with each.',
    },
    SourceDeletionsHeld: {
      metric: mirror.metricOfEvents('source-holds', fiveMinutes.period, 'projects'),
      threshold: 1,
      means:
        'The database lost more checks than anybody deletes who means it, and Overdue keeps them. npx overdue source status names the projects. If they are meant to be gone, npx overdue source now --yes deletes them; if not, mend the database first, and run the same.',
    },
  }
}
