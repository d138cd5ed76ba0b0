import {
  BadRequestException,
  MessageRejected,
  type SendEmailCommand,
  type SendEmailCommandInput,
  SESv2Client,
} from '@aws-sdk/client-sesv2'
import { describe, expect, it } from 'vitest'
import { makeSender } from '../../../lambdas/channels/email/email.ts'
import { type EmailSettings, Mailer } from '../../../lambdas/channels/email/mailer.ts'
import { aCheck } from '../../support/builders.ts'
import { aChannel, aDelivery, anAlert, deadline } from '../../support/alerts.ts'

const settings = { sender: 'alerts@example.com' }

function aSender(own: EmailSettings = settings, failure?: Error) {
  const sent: SendEmailCommandInput[] = []
  const send = ({ input }: SendEmailCommand) => {
    sent.push(input)
    return failure === undefined ? Promise.resolve({}) : Promise.reject(failure)
  }
  const client = Object.assign(new SESv2Client({ region: 'us-east-1' }), { send })
  return { sender: makeSender({ mailer: new Mailer(client, own) }), sent }
}

function badRequest(message: string): BadRequestException {
  return new BadRequestException({ message, $metadata: {} })
}

describe('the sender of e-mail', () => {
  it('sends a mail to the address of the channel, as text and as HTML', async () => {
    const { sender, sent } = aSender()

    const outcome = await sender.send(
      aDelivery({ channel: aChannel({ address: 'ops@example.com' }) }),
      deadline,
    )

    expect(outcome).toEqual({ kind: 'sent' })
    expect(sent).toMatchObject([
      {
        FromEmailAddress: 'Overdue <alerts@example.com>',
        Destination: { ToAddresses: ['ops@example.com'] },
        Content: {
          Simple: {
            Subject: { Data: 'DOWN | nightly backup' },
            Body: {
              Text: { Data: expect.stringContaining('nightly backup is DOWN') as string },
              Html: { Data: expect.any(String) as string },
            },
          },
        },
      },
    ])
  })

  it('names its project and channel to SES, which names them again when the mail does not arrive', async () => {
    const { sender, sent } = aSender()

    await sender.send(aDelivery({ channel: aChannel({ id: 'channel' }) }), deadline)

    expect(sent[0]?.EmailTags).toEqual([
      { Name: 'project', Value: aCheck().projectId },
      { Name: 'channel', Value: 'channel' },
    ])
  })

  it('says that nobody need answer it', async () => {
    const { sender, sent } = aSender()

    await sender.send(aDelivery(), deadline)

    expect(sent[0]?.Content?.Simple?.Headers).toContainEqual({
      Name: 'Auto-Submitted',
      Value: 'auto-generated',
    })
  })

  it('threads the end of an outage with its beginning, without giving away the UUID of the check', async () => {
    const { sender, sent } = aSender()
    const up = { at: deadline + 1000, status: 'up', from: 'down', downSinceAt: deadline } as const

    for (const flip of [{}, up])
      await sender.send(aDelivery({ alert: anAlert({ flip }) }), deadline)

    const [down, recovery] = sent.map(
      (mail) =>
        mail.Content?.Simple?.Headers?.find((header) => header.Name === 'References')?.Value,
    )
    expect(recovery).toBe(down)
    expect(JSON.stringify(sent)).not.toContain(aCheck().id)
  })

  it('uses the configuration set of the stack, if there is one', async () => {
    const withSet = aSender({ ...settings, configurationSet: 'Overdue' })
    const without = aSender()

    await Promise.all([withSet, without].map(({ sender }) => sender.send(aDelivery(), deadline)))

    expect([withSet.sent[0]?.ConfigurationSetName, without.sent[0]?.ConfigurationSetName]).toEqual([
      'Overdue',
      undefined,
    ])
  })

  it.each([
    "Missing final '@domain'",
    'Local address contains control or whitespace',
    'Illegal address',
    'Domain starts with dot',
  ])('refuses an address that SES calls malformed: %s', async (reason) => {
    const { sender } = aSender(settings, badRequest(reason))

    expect(await sender.send(aDelivery(), deadline)).toEqual({ kind: 'refused', reason })
  })

  it.each([
    new MessageRejected({
      message: 'Email address is not verified. The following identities failed the check',
      $metadata: {},
    }),
    badRequest('Header value is too long'),
    new Error('socket hang up'),
  ])('throws for what may pass or be mended: %s', async (failure) => {
    const { sender } = aSender(settings, failure)

    await expect(sender.send(aDelivery(), deadline)).rejects.toBe(failure)
  })
})
