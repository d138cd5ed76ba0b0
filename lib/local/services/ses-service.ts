import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { CallError, restError, type AwsCall, type AwsService } from './aws-call.ts'
import { type MailEvent, simulatedEvents } from './mail-events.ts'
import type { SentMail, Mailbox } from './mailbox.ts'
import type { AwsAccess } from '../template/policy.ts'
import { account, region } from '../template/resources.ts'

const content = z.object({ Data: z.string() })
const mailShape = z.object({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().optional(),
  EmailTags: z
    .array(
      z.object({
        Name: z.string().regex(/^[\w-]{1,256}$/),
        Value: z.string().regex(/^[\w-]{1,256}$/),
      }),
    )
    .default([]),
  Destination: z.object({ ToAddresses: z.array(z.string()).min(1).max(50) }),
  Content: z.object({
    Simple: z.object({
      Subject: content,
      Body: z.object({ Text: content.optional(), Html: content.optional() }),
      Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
  }),
})

/** Plays SES. Mails are kept for the control call, not sent. */
export function makeSesService(
  mailbox: Mailbox,
  clock: { now(): number },
  tell: (event: MailEvent, configurationSet: string | undefined) => void,
): AwsService {
  return {
    accesses: accessesOf,
    resources: (call) => [addressOf(mailShape.parse(call.input).FromEmailAddress)],
    perform: (call) => {
      const mail = mailOf(call, clock.now())
      mailbox.put(mail)
      const { ConfigurationSetName, EmailTags } = mailShape.parse(call.input)
      for (const event of simulatedEvents(mail, EmailTags)) tell(event, ConfigurationSetName)
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ MessageId: randomUUID() }),
      })
    },
    refuse: restError,
  }
}

function mailOf(call: AwsCall, now: number): SentMail {
  const { FromEmailAddress, Destination, Content } = mailShape.parse(call.input)
  const { Subject, Body, Headers } = Content.Simple
  for (const address of Destination.ToAddresses) {
    if (!addressOf(address).includes('@'))
      throw new CallError('BadRequestException', "Missing final '@domain'")
  }
  return {
    to: Destination.ToAddresses,
    from: FromEmailAddress,
    subject: Subject.Data,
    text: Body.Text?.Data ?? '',
    html: Body.Html?.Data ?? '',
    headers: Object.fromEntries(Headers.map(({ Name, Value }) => [Name, Value])),
    sentAt: new Date(now).toISOString(),
  }
}

/** SES wants a permission for the sender's identity, and one for a configuration set if named. */
function accessesOf(call: AwsCall): readonly AwsAccess[] {
  const { FromEmailAddress, ConfigurationSetName } = mailShape.parse(call.input)
  const address = addressOf(FromEmailAddress)
  const resources = [
    `identity/${address}`,
    ...(ConfigurationSetName === undefined ? [] : [`configuration-set/${ConfigurationSetName}`]),
  ]
  return resources.map((resource) => ({
    action: `ses:${call.operation}`,
    resource: `arn:aws:ses:${region}:${account}:${resource}`,
    context: { 'ses:FromAddress': [address] },
  }))
}

/** `Overdue <alerts@example.com>` → `alerts@example.com` */
function addressOf(mailbox: string): string {
  return /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim()
}
