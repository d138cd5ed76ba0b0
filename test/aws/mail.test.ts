import * as sdk from '@aws-sdk/client-sesv2'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeSendMail } from '../../lambdas/aws/mail.ts'
import { listenAndNote, type NotingService } from '../support/noting-service.ts'

const mail = {
  from: 'Overdue <alerts@example.com>',
  to: 'ops@example.com',
  subject: 'DOWN | ☎',
  text: 'down',
  html: '<p>down</p>',
  headers: { 'Auto-Submitted': 'auto-generated', References: '<x@example.com>' },
  tags: { project: undefined, channel: 'x' },
}

const asTheSdkHasIt = {
  FromEmailAddress: mail.from,
  Destination: { ToAddresses: [mail.to] },
  Content: {
    Simple: {
      Subject: { Data: mail.subject, Charset: 'UTF-8' },
      Body: {
        Text: { Data: mail.text, Charset: 'UTF-8' },
        Html: { Data: mail.html, Charset: 'UTF-8' },
      },
      Headers: [
        { Name: 'Auto-Submitted', Value: 'auto-generated' },
        { Name: 'References', Value: '<x@example.com>' },
      ],
    },
  },
  EmailTags: [{ Name: 'channel', Value: 'x' }],
} satisfies sdk.SendEmailCommandInput

let service: NotingService | undefined
afterEach(() => service?.stop())

async function serving(...reply: Parameters<typeof listenAndNote>): Promise<NotingService> {
  service = await listenAndNote(...reply)
  vi.stubEnv('AWS_ENDPOINT_URL_SESV2', service.url)
  return service
}

function refusing(status: number, name: string, message: string): Promise<NotingService> {
  return serving(JSON.stringify({ message }), { status, headers: { 'x-amzn-errortype': name } })
}

describe('SES', () => {
  it.each<[string, string | undefined, Pick<sdk.SendEmailCommandInput, 'ConfigurationSetName'>]>([
    ['without a configuration set', undefined, {}],
    ['with the configuration set of the stack', 'Overdue', { ConfigurationSetName: 'Overdue' }],
  ])('is asked as the SDK asks it, %s', async (_, configurationSet, named) => {
    const { asked } = await serving('{"MessageId":"m"}')

    const outcome = await makeSendMail(configurationSet)(mail)
    await new sdk.SESv2Client().send(new sdk.SendEmailCommand({ ...asTheSdkHasIt, ...named }))

    expect(outcome).toEqual({ kind: 'sent' })
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/v2/email/outbound-emails',
      scope: 'us-east-1/ses/aws4_request',
    })
    expect(asked[0]?.body).toEqual({ ...asTheSdkHasIt, ...named })
    expect(asked[1]).toEqual(asked[0])
  })

  it('has taken a mail when it says so, however little sense the rest makes', async () => {
    const { asked } = await serving('?')

    expect(await makeSendMail()(mail)).toEqual({ kind: 'sent' })
    expect(asked).toHaveLength(1)
  })

  it.each([
    "Missing final '@domain'",
    'Local address contains control or whitespace',
    'Illegal address',
    'Domain starts with dot',
  ])('refuses an address that it calls malformed: %s', async (reason) => {
    await refusing(400, 'BadRequestException', reason)

    expect(await makeSendMail()(mail)).toEqual({ kind: 'refused', reason })
  })

  it.each<[status: number, name: string, message: string]>([
    [400, 'MessageRejected', 'Email address is not verified. The following failed the check'],
    [400, 'BadRequestException', 'Email address is not verified'],
    [400, 'BadRequestException', 'Header value is too long'],
    [429, 'TooManyRequestsException', 'Daily message quota exceeded'],
    [500, 'InternalServerError', 'no'],
  ])(
    'is asked once where the queue tries again, since it may pass or be mended: %i %s: %s',
    async (status, name, message) => {
      const { asked } = await refusing(status, name, message)

      await expect(makeSendMail()(mail)).rejects.toMatchObject({ name, message })
      expect(asked).toHaveLength(1)
    },
  )
})
