import type { SNSEvent, SNSEventRecord } from 'aws-lambda'
import { makeSdkDatabase } from './aws/sdk-database.ts'
import { mailFailureOf } from './channels/email/mail-event.ts'
import { isSuppressing, type MailFailure } from './domain/telling/mail-failure.ts'
import { required } from './runtime/environment.ts'
import { log, warn } from './runtime/log.ts'
import { Addresses } from './store/telling/addresses.ts'
import { Deliveries } from './store/telling/deliveries.ts'
import { readEach } from './store/items/read-each.ts'

export type BounceDeps = {
  readonly addresses: Pick<Addresses, 'suppress'>
  readonly deliveries: Pick<Deliveries, 'noteOutcome'>
}

/**
 * Notes what became of mail. An address that bounces or complains gets no mail until somebody
 * verifies it again.
 * @throws at the end, when a message could not be read: no later attempt would succeed, so an alarm
 * is due.
 */
export function makeBounceHandler(deps: BounceDeps): (event: SNSEvent) => Promise<void> {
  return async ({ Records }) => {
    const unreadable: string[] = []
    const failures = readEach(Records, failureIn, {
      nameOf: ({ Sns }) => Sns.MessageId,
      note: (id) => unreadable.push(id),
    })
    for (const failure of failures) await note(deps, failure)
    if (unreadable.length > 0) throw new Error(`messages ${unreadable.join(', ')} can't be read`)
  }
}

function failureIn({ Sns }: SNSEventRecord): MailFailure | undefined {
  const failure = mailFailureOf(Sns.Message)
  if (failure === undefined) log('bounce-ignored', { message: Sns.MessageId })
  return failure
}

async function note({ addresses, deliveries }: BounceDeps, failure: MailFailure): Promise<void> {
  const { projectId: project, channelId: channel, reason, detail, at } = failure
  const outcome = isSuppressing(failure) ? await addresses.suppress(failure) : 'noted'
  if (outcome !== 'unchanged')
    await deliveries.noteOutcome(
      channel,
      { state: 'failed', at, error: `${reason}: ${detail}` },
      { isOfMail: true },
    )
  warn('mail-failed', { project, channel, reason, outcome })
}

const database = makeSdkDatabase()

export const handler = makeBounceHandler({
  addresses: new Addresses(database, required('JOURNAL_TABLE')),
  deliveries: new Deliveries(database, required('JOURNAL_TABLE')),
})
