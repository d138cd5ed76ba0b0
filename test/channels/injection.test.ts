import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSender } from '../../lambdas/channels/email/email.ts'
import { Mailer } from '../../lambdas/channels/email/mailer.ts'
import type { OutgoingMail } from '../../lambdas/runtime/outgoing-mail.ts'
import { aCheck } from '../support/builders.ts'
import { aDelivery, aLoggedPing, anAlert, aProject, deadline } from '../support/alerts.ts'
import { aMailbox } from '../support/mailbox.ts'

const evil = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'a\r\nBcc: eve@example.com',
    'a\nX: y',
    '\u2028Subject: x',
    '=?utf-8?q?=0D=0ABcc:?=',
    '</pre><script>alert(1)</script>',
    '"><img src=x onerror=y>',
    '&lt;b&gt;',
    '\ud800',
    '\u202e',
  ),
)

async function mailFor(texts: readonly string[]): Promise<OutgoingMail> {
  const [name = '', tags = '', description = '', project = '', userAgent = '', tail = ''] = texts
  const { sendMail, sent } = aMailbox()
  const sender = makeSender({ mailer: new Mailer(sendMail, 'alerts@example.com') })
  const pings = [aLoggedPing({ userAgent })]
  const alert = anAlert({
    check: aCheck({ name, tags, description }),
    project: aProject({ name: project }),
    pings,
    lastBody: { pingNumber: 1, tail },
  })
  await sender.send(aDelivery({ alert }), deadline)
  return sent[0] ?? expect.unreachable('no mail was sent')
}

describe('whatever names, tags, descriptions, bodies and user agents hold', () => {
  it('a mail has one recipient, headers of one line, and no element in its HTML that is not ours', async () => {
    const plain = await mailFor(Array.from({ length: 6 }, () => 'plain'))
    const elements = (mail: OutgoingMail) => new Set(mail.html.match(/<\/?[a-z]+/gi))

    await fc.assert(
      fc.asyncProperty(fc.array(evil, { minLength: 6, maxLength: 6 }), async (texts) => {
        const mail = await mailFor(texts)

        expect(mail.to).toBe('ops@example.com')
        for (const line of [mail.subject, ...Object.entries(mail.headers).flat()])
          expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]+$/u)
        expect([...elements(mail)].filter((element) => !elements(plain).has(element))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
