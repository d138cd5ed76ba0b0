import { Duration } from 'aws-cdk-lib'
import { errors } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function pageWatches({ dashboard }: Pick<WatchedParts, 'dashboard'>) {
  if (dashboard === undefined) return {}
  return {
    WebErrors: errors(
      dashboard.web,
      'The dashboard crashes or takes too long. Pings, alerts and the API go on without it. Look at the log of this function.',
    ),
    WebFailures: {
      metric: dashboard.web.metricOfEvents('page-failed', Duration.minutes(5)),
      threshold: 1,
      means:
        'Pages of the dashboard could not be shown, and people saw the number of their request. page-failed in the log of this function says which and why. Pings, alerts and the API go on without it.',
    },
  }
}
