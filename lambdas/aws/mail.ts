import { boundedCalls, type CallLimits } from '../runtime/bounded-calls.ts'
import type { OutgoingMail, SendMail } from '../runtime/outgoing-mail.ts'
import { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/** Sends mails through SES. @param configurationSet has it tell what becomes of them. */
export function makeSendMail(configurationSet?: string): SendMail {
  return sendMailOver(ownCall(), configurationSet)
}

/** Sends mails through whatever takes them as SES does. */
export function sendMailOver(call: MailCall, configurationSet?: string): SendMail {
  return async (mail) => {
    try {
      await call(inputOf(mail, configurationSet))
      return { kind: 'sent' }
    } catch (error) {
      if (isMalformedAddress(error)) return { kind: 'refused', reason: error.message }
      throw error
    }
  }
}

/** Has SES send a mail. The input has the shape of its API. */
export type MailCall = (input: object) => Promise<unknown>

/**
 * The queue tries again, not the call, so that each attempt is noted and none is repeated unseen.
 * So no attempt may be lost to a kept connection that has died. A second one would not help: SES
 * may have taken the mail before the connection broke.
 */
const limits: CallLimits = {
  connectionTimeoutMs: 3000,
  requestTimeoutMs: 15_000,
  maxAttempts: 1,
  isConnectedAnew: true,
}

/**
 * Reads nothing of the answer: once SES has taken a mail, an odd answer must not have it sent
 * again.
 */
function ownCall(): MailCall {
  const service = new Service('sesv2', boundedCalls(limits))
  return (input) => {
    const request = {
      path: '/v2/email/outbound-emails',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }
    return service.call(request, () => undefined)
  }
}

function inputOf(
  { from, to, subject, text, html, headers, tags }: OutgoingMail,
  configurationSet: string | undefined,
): object {
  return {
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: inUtf8(subject),
        Body: { Html: inUtf8(html), Text: inUtf8(text) },
        Headers: pairsOf(headers),
      },
    },
    EmailTags: pairsOf(tags),
    ConfigurationSetName: configurationSet,
  }
}

function inUtf8(text: string): object {
  return { Data: text, Charset: 'UTF-8' }
}

function pairsOf(values: Readonly<Record<string, string | undefined>>): readonly object[] {
  return Object.entries(values).flatMap(([Name, Value]) =>
    Value === undefined ? [] : [{ Name, Value }],
  )
}

/**
 * Whether SES can never send to the address. All other errors are worth a further attempt: within
 * the day an operator can verify an identity, leave the sandbox, lift a pause or a quota. A defect
 * of ours must end in the dead letters, where it raises an alarm. SES gives the reason of a bad
 * request only in words: `Missing final '@domain'`, `Domain starts with dot`, `Local address
 * contains control or whitespace`, `Illegal address`.
 */
function isMalformedAddress(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError &&
    error.name === 'BadRequestException' &&
    /\b(address|domain|local)\b/i.test(error.message) &&
    !/verif/i.test(error.message)
  )
}
