import type { SNSEvent } from 'aws-lambda'
import { mailFailureOf } from './channels/mail-event.ts'
import { required } from './runtime/environment.ts'
import { log, warn } from './runtime/log.ts'
import { Channels } from './store/channels.ts'
import { makeDynamoClient } from './store/client.ts'
import { Deliveries } from './store/deliveries.ts'

export type BounceDeps = {
  readonly channels: Pick<Channels, 'suppress'>
  readonly deliveries: Pick<Deliveries, 'noteOutcome'>
}

/** Notes on channels what became of their mail. An address that can't take mail, or does not want it, gets none until somebody says so. */
export function makeBounceHandler({ channels, deliveries }: BounceDeps): (event: SNSEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { Sns } of Records) {
      const failure = mailFailureOf(JSON.parse(Sns.Message))
      if (failure === undefined) {
        log('bounce-ignored', {})
        continue
      }
      const { projectId: project, channelId: channel, reason, isPermanent, detail, at } = failure
      const outcome = isPermanent ? await channels.suppress(failure) : 'noted'
      if (outcome !== 'unchanged') await deliveries.noteOutcome(channel, { state: 'failed', at, error: `${reason}: ${detail}` })
      warn('mail-failed', { project, channel, reason, outcome })
    }
  }
}

const dynamo = makeDynamoClient()

export const handler = makeBounceHandler({
  channels: new Channels(dynamo, required('REGISTRY_TABLE')),
  deliveries: new Deliveries(dynamo, required('JOURNAL_TABLE')),
})
