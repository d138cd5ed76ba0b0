import { type DigestEntry, digestMessageOf } from '../../domain/telling/digest.ts'
import type { EmailChannel } from '../../domain/telling/channel.ts'
import type { Outcome } from '../outcome.ts'
import type { DigestTo } from '../sender.ts'
import { digestHtmlOf } from './digest-html.ts'
import { digestTextOf } from './digest-text.ts'
import type { Mailer } from './mailer.ts'

/**
 * Mails many flips at once.
 * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
 */
export async function mailDigest(
  mailer: Pick<Mailer, 'send'>,
  { channel, projectId, projectName }: DigestTo<EmailChannel>,
  { entries, now }: { readonly entries: readonly DigestEntry[]; readonly now: number },
): Promise<Outcome> {
  const message = digestMessageOf(entries, projectName, now)
  return mailer.send({
    to: channel.address,
    sentFor: { project: projectId, channel: channel.id },
    subject: message.subject,
    text: digestTextOf(message),
    html: await digestHtmlOf(message),
  })
}
