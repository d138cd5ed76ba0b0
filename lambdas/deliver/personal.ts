import type { PersonalSender } from '../channels/email/personal-sender.ts'
import type { PersonalMessage } from '../domain/telling/notice.ts'
import type { Clock } from '../runtime/clock.ts'
import { log, warn } from '../runtime/log.ts'

export type PersonalDeps = {
  readonly personalMails: Pick<PersonalSender, 'send'>
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Sends a mail to a user, until what it offers is over. Nothing is noted of it: a mail that comes
 * twice does no harm. Answers with the seconds until the next attempt, which is none.
 * @throws when the attempt failed, and a later one may get through.
 */
export async function deliverPersonal(
  { personalMails, clock }: PersonalDeps,
  { personal }: PersonalMessage,
): Promise<undefined> {
  const { kind, to, expiresAt } = personal
  if (to === undefined) return
  if (expiresAt <= clock.now()) {
    warn('personal-mail-too-late', { kind })
    return
  }
  const outcome = await personalMails.send({ ...personal, to })
  if (outcome.kind === 'sent') log('personal-mail-sent', { kind })
  else warn('personal-mail-refused', { kind })
}
