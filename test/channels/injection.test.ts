import {
  type SendEmailCommand,
  type SendEmailCommandInput,
  SESv2Client,
} from '@aws-sdk/client-sesv2'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSender } from '../../lambdas/channels/email/email.ts'
import { Mailer } from '../../lambdas/channels/email/mailer.ts'
import { aCheck } from '../support/builders.ts'
import { aDelivery, aLoggedPing, anAlert, aProject, deadline } from '../support/alerts.ts'

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

async function mailFor(texts: readonly string[]): Promise<SendEmailCommandInput> {
  const [name = '', tags = '', description = '', project = '', userAgent = '', tail = ''] = texts
  const sent: SendEmailCommandInput[] = []
  const send = ({ input }: SendEmailCommand) => Promise.resolve((sent.push(input), {}))
  const client = Object.assign(new SESv2Client({ region: 'us-east-1' }), { send })
  const sender = makeSender({ mailer: new Mailer(client, { sender: 'alerts@example.com' }) })
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
    const elements = (mail: SendEmailCommandInput) =>
      new Set((mail.Content?.Simple?.Body?.Html?.Data ?? '').match(/<\/?[a-z]+/gi))

    await fc.assert(
      fc.asyncProperty(fc.array(evil, { minLength: 6, maxLength: 6 }), async (texts) => {
        const mail = await mailFor(texts)
        const { Subject, Headers = [] } = mail.Content?.Simple ?? {}

        expect(mail.Destination).toEqual({ ToAddresses: ['ops@example.com'] })
        for (const line of [Subject?.Data, ...Headers.flatMap(({ Name, Value }) => [Name, Value])])
          expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]+$/u)
        expect([...elements(mail)].filter((element) => !elements(plain).has(element))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
