import * as z from 'zod'
import { emailAddress } from '../../domain/people/email-address.ts'
import type { EmailChannel } from '../../domain/telling/channel.ts'
import { uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import { messageOf } from '../../domain/telling/message.ts'
import type { Outcome } from '../outcome.ts'
import type { DeliveryTo, Sender, SenderMeans } from '../sender.ts'
import { type ChannelForm, textUpTo } from '../form.ts'
import { type ChannelKind, storedBase } from '../kind.ts'
import { mailDigest } from './digest.ts'
import { htmlOf } from './email-html.ts'
import { textOf } from './email-text.ts'

export const kind = {
  kind: 'email',
  title: 'E-mail',
  isGathered: true,
  stored,
  takes: ({ verification }) => verification.state === 'verified',
  form: () => form,
} as const satisfies ChannelKind<EmailChannel>

/** The form lacks the verification of the address, which is not the caller's to say. */
const form: ChannelForm<Pick<EmailChannel, 'address'>> = {
  fields,
  request: () => z.object(fields()),
  given: ({ address }) => ({ address }),
  questions: [
    {
      field: 'address',
      help: 'where alerts are mailed, once its owner has followed a link',
      example: 'ops@example.com',
      isNeeded: true,
      isSecret: false,
    },
  ],
  shown: () => ({
    address: z.string().describe('Of kind email'),
    verified: z.boolean().describe('Of kind email: whether its owner has agreed to get alerts'),
    suppressed: z
      .object({ reason: z.enum(['bounce', 'complaint']), detail: z.string(), at: z.string() })
      .nullable()
      .describe(
        'Of kind email: once it is verified, why no mail goes there any more; to name the address again asks for a link that lifts it',
      ),
  }),
}

function fields() {
  return {
    address: textUpTo(254)
      .regex(emailAddress, 'is not an e-mail address')
      .describe('Of kind email'),
  }
}

/** Sends alerts by e-mail. */
export const makeSender = ({ mailer }: Pick<SenderMeans, 'mailer'>): Sender<EmailChannel> => ({
  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send({ alert, channel }: DeliveryTo<EmailChannel>, now: number): Promise<Outcome> {
    const message = messageOf(alert, now)
    return mailer.send({
      to: channel.address,
      subject: message.subject,
      text: textOf(message),
      html: await htmlOf(message),
      sentFor: { project: alert.projectId, channel: channel.id },
      headers: { References: outageReference(alert.flip) },
    })
  },
  sendDigest: (request, entries, now) => mailDigest(mailer, request, { entries, now }),
})

/**
 * A reference that the mails of one outage share, so that mail programs show its end beside its
 * beginning. It has the check's unique key, because the UUID is what pings need.
 */
function outageReference(flip: Flip): string {
  const startedAt = flip.status === 'down' ? flip.at : (flip.downSinceAt ?? flip.at)
  return `<${startedAt}.${uniqueKeyOf(flip.checkId)}@overdue>`
}

function stored() {
  return z
    .object({
      ...storedBase(),
      kind: z.literal('email'),
      address: z.string(),
      verification: verification().optional(),
      suppression: z.object({ at: z.number() }).exactOptional(),
    })
    .transform(({ verification: kept, suppression, ...channel }) => ({
      ...channel,
      // Older channels may be suppressed one by one, and have to be verified again. Channels from
      // before verifications were made by operators only.
      verification:
        suppression === undefined
          ? (kept ?? ({ state: 'verified', at: channel.createdAt } as const))
          : unverifiedSince(suppression.at),
    }))
}

const verification = () =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('verified'), at: z.number() }),
    z.object({
      state: z.literal('pending'),
      tokenHash: z.string(),
      mailedAt: z.number(),
      expiresAt: z.number(),
    }),
  ])

function unverifiedSince(at: number) {
  return { state: 'pending', tokenHash: '', mailedAt: at, expiresAt: at } as const
}
