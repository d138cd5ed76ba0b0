import { describe, expect, it } from 'vitest'
import { makeSender } from '../../../lambdas/channels/email/email.ts'
import { Mailer } from '../../../lambdas/channels/email/mailer.ts'
import { aCheck } from '../../support/builders.ts'
import { aChannel, aDelivery, anAlert, deadline } from '../../support/alerts.ts'
import { aMailbox } from '../../support/mailbox.ts'

function aSender(failure?: Error) {
  const { sendMail, sent } = aMailbox(failure)
  return { sender: makeSender({ mailer: new Mailer(sendMail, 'alerts@example.com') }), sent }
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
        from: 'Overdue <alerts@example.com>',
        to: 'ops@example.com',
        subject: 'DOWN | nightly backup',
        text: expect.stringContaining('nightly backup is DOWN') as string,
        html: expect.stringContaining('<html') as string,
      },
    ])
  })

  it('names its project and channel to SES, which names them again when the mail does not arrive', async () => {
    const { sender, sent } = aSender()

    await sender.send(aDelivery({ channel: aChannel({ id: 'channel' }) }), deadline)

    expect(sent[0]?.tags).toEqual({ project: aCheck().projectId, channel: 'channel' })
  })

  it('says that nobody need answer it', async () => {
    const { sender, sent } = aSender()

    await sender.send(aDelivery(), deadline)

    expect(sent[0]?.headers).toMatchObject({ 'Auto-Submitted': 'auto-generated' })
  })

  it('threads the end of an outage with its beginning, without giving away the UUID of the check', async () => {
    const { sender, sent } = aSender()
    const up = { at: deadline + 1000, status: 'up', from: 'down', downSinceAt: deadline } as const

    for (const flip of [{}, up])
      await sender.send(aDelivery({ alert: anAlert({ flip }) }), deadline)

    const [down, recovery] = sent.map(({ headers }) => headers['References'])
    expect(down).toBeDefined()
    expect(recovery).toBe(down)
    expect(JSON.stringify(sent)).not.toContain(aCheck().id)
  })

  it('hands on that an address can never get a mail', async () => {
    const refusal = { kind: 'refused', reason: 'Illegal address' } as const
    const mailer = new Mailer(() => Promise.resolve(refusal), 'alerts@example.com')

    expect(await makeSender({ mailer }).send(aDelivery(), deadline)).toEqual(refusal)
  })

  it('throws for what may pass or be mended', async () => {
    const failure = new Error('socket hang up')
    const { sender } = aSender(failure)

    await expect(sender.send(aDelivery(), deadline)).rejects.toBe(failure)
  })
})
