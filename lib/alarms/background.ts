import { Duration } from 'aws-cdk-lib'
import { deadLetters, errors, lag } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function backgroundWatches({
  recording,
  syncing,
}: Pick<WatchedParts, 'recording' | 'syncing'>) {
  return {
    RecordLag: {
      ...lag(recording.record, Duration.minutes(5)),
      means:
        'The log of pings and flips is more than five minutes behind; alerts go out, without the last pings in them. Look at the log of this function. What is behind by twelve hours is given up.',
    },
    RecordDeadLetters: deadLetters(
      recording.stream.deadLetters,
      'Pings or flips could not be logged for twelve hours. The messages name the records; the stream keeps them for another twelve hours. Look at the log of the record function.',
    ),
    SyncLag: {
      ...lag(syncing.sync, Duration.minutes(5)),
      means:
        'Changes of checks are more than five minutes late in reaching the pings, where the API could not bring them there itself. Look at the log of this function.',
    },
    SyncErrors: errors(
      syncing.sync,
      'Keeping the heartbeats equal to the registry fails. Look at the log of this function; when it is mended, npx overdue reconcile repairs what was missed.',
    ),
    SyncDeadLetters: deadLetters(
      syncing.stream.deadLetters,
      'Changes of checks were given up after an hour. The daily run repairs them, npx overdue reconcile at once. Look at the log of the sync function.',
    ),
  }
}

type Readers = Pick<WatchedParts, 'pinging' | 'management' | 'dashboard' | 'syncing' | 'alerting'>

/**
 * Functions that leave out an item that they can't read. The sweep and bounces fail as well, and
 * have alarms of their own.
 */
export function unreadableWatches({ pinging, management, dashboard, syncing, alerting }: Readers) {
  const event = 'item-unreadable'
  const { alert, deliver } = alerting
  for (const reader of [pinging.provision, management.api, dashboard?.web, alert, deliver])
    reader?.metricOfEvents(event, anHour)
  return {
    ItemsUnreadable: {
      // All of them count into this one metric.
      metric: syncing.sync.metricOfEvents(event, anHour),
      threshold: 1,
      means:
        'Items of the tables cannot be read and are left out: a check is not kept in step with its pings, a channel is not told, a line is missing in a log. Look for item-unreadable in the logs of the functions Sync, Api, Web, Provision, Alert and Deliver: it names the items. Mend or delete them in their table; npx overdue reconcile then repairs what was missed.',
    },
  }
}

const anHour = Duration.hours(1)
