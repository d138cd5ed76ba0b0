import type { SESEvent, SESMessage } from 'aws-lambda'
import { type InboundMail, type MailDeps, readMail } from './inbound/mail.ts'
import { makeSdkDatabase } from './aws/sdk-database.ts'
import { pingRecipient, type RecipientDeps } from './inbound/recipient.ts'
import { clock } from './runtime/clock.ts'
import { countOrNone, required, requiredCount } from './runtime/environment.ts'
import { nameOf, warn } from './runtime/log.ts'
import { Inbox, makeInboxClient } from './store/inbox.ts'
import { Journal } from './store/watching/journal.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Replays } from './store/watching/replays.ts'

export type InboundDeps = MailDeps & RecipientDeps

/**
 * Takes mails that SES received as pings, each recipient for itself. Like a ping by HTTP it never
 * reads the registry.
 */
export function makeInboundHandler(deps: InboundDeps): (event: SESEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { ses } of Records) await takeMail(deps, ses)
  }
}

/**
 * Takes one mail.
 * @throws at the end, when a recipient failed. When the event comes again, the others are not
 * pinged again.
 */
async function takeMail(deps: InboundDeps, message: SESMessage): Promise<void> {
  const mail = await readMail(deps, message)
  const recipients = [...new Set(message.receipt.recipients)]
  const outcomes = await Promise.all(
    recipients.map((recipient) => attempt(mail, () => pingRecipient(deps, mail, recipient))),
  )
  const failures = outcomes.filter((outcome) => outcome === 'failed').length
  if (failures > 0)
    throw new Error(`mail ${mail.id} failed for ${failures} of ${recipients.length} recipients`)
}

async function attempt({ id }: InboundMail, work: () => Promise<void>): Promise<'done' | 'failed'> {
  try {
    await work()
    return 'done'
  } catch (error) {
    warn('mail-failed', { mail: id, error: nameOf(error) })
    return 'failed'
  }
}

const database = makeSdkDatabase()

export const handler = makeInboundHandler({
  replays: new Replays(database, {
    Heartbeats: required('HEARTBEATS_TABLE'),
    Journal: required('JOURNAL_TABLE'),
  }),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  inbox: new Inbox(makeInboxClient(), required('INBOX_BUCKET')),
  clock,
  domain: required('PING_EMAIL_DOMAIN'),
  bodyLimit: countOrNone('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
})
