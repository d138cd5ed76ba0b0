import type { OutgoingMail, SendMail } from '../../lambdas/runtime/outgoing-mail.ts'

/** Takes each mail and keeps it, or fails. */
export function aMailbox(failure?: Error): {
  readonly sendMail: SendMail
  readonly sent: readonly OutgoingMail[]
} {
  const sent: OutgoingMail[] = []
  const sendMail: SendMail = (mail) => {
    sent.push(mail)
    return failure === undefined ? Promise.resolve({ kind: 'sent' }) : Promise.reject(failure)
  }
  return { sendMail, sent }
}
