import type { SNSEvent } from 'aws-lambda'
import { mailFailureOf } from './channels/mail-event.ts'
import { required } from './runtime/environment.ts'
import { log, warn } from './runtime/log.ts'
import { Addresses } from './store/addresses.ts'
import { makeDynamoClient } from './store/client.ts'
import { Deliveries } from './store/deliveries.ts'

export type BounceDeps = {
  readonly addresses: Pick<Addresses, 'suppress'>
  readonly deliveries: Pick<Deliveries, 'noteOutcome'>
}

/**
 * Notes what became of mail. An address that can't take any, or does not want it, gets none until somebody says so. Who complains of a link
 * has agreed to nothing: that must not keep the alerts of others from him, which is what a stranger could bring about.
 */
export function makeBounceHandler({ addresses, deliveries }: BounceDeps): (event: SNSEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { Sns } of Records) {
      const failure = mailFailureOf(JSON.parse(Sns.Message))
      if (failure === undefined) {
        log('bounce-ignored', {})
        continue
      }
      const { projectId: project, channelId: channel, reason, isPermanent, isOfLink, detail, at } = failure
      const isFinal = isPermanent && !(isOfLink && reason === 'complaint')
      const outcome = isFinal ? await addresses.suppress(failure) : 'noted'
      if (outcome !== 'unchanged') await deliveries.noteOutcome(channel, { state: 'failed', at, error: `${reason}: ${detail}` })
      warn('mail-failed', { project, channel, reason, outcome })
    }
  }
}

const dynamo = makeDynamoClient()

export const handler = makeBounceHandler({
  addresses: new Addresses(dynamo, required('JOURNAL_TABLE')),
  deliveries: new Deliveries(dynamo, required('JOURNAL_TABLE')),
})
