import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../../lib/local/engine/engine.ts'
import type { Envelope, MailIntake } from '../../../../lib/local/http/mail-intake.ts'
import { listenForMail } from '../../../../lib/local/http/smtp.ts'
import { StartError } from '../../../../lib/local/start-error.ts'

let port: number
let taken: Envelope[]
let isReady: boolean
let listener: Awaited<ReturnType<typeof listenForMail>>
let client: Socket | undefined
beforeEach(async () => {
  taken = []
  isReady = true
  const refusals = {
    'x@other.example': 'other-domain',
    'x@ping.example.com': 'invalid-mailbox',
  } as const
  const intake = {
    refusalOf: (address: string) =>
      refusals[address as keyof typeof refusals] as
        (typeof refusals)[keyof typeof refusals] | undefined,
    take: (envelope: Envelope) => taken.push(envelope),
  } as unknown as MailIntake
  port = await freePort()
  listener = await listenForMail(port, () => (isReady ? intake : undefined))
})
afterEach(async () => {
  client?.destroy()
  await listener.close()
})

/** The last line of each reply. */
async function talk(...commands: readonly string[]): Promise<readonly string[]> {
  client = connect(port, '127.0.0.1').setEncoding('latin1')
  const replies: string[] = []
  for (const command of [undefined, 'EHLO test', ...commands]) {
    if (command !== undefined) client.write(Buffer.from(`${command}\r\n`, 'latin1'))
    let said = ''
    while (!/^\d{3} .*\r\n$/m.test(said)) said += String((await once(client, 'data'))[0])
    replies.push(said.trimEnd().split('\r\n').at(-1) ?? '')
  }
  return replies.slice(2)
}

describe('the SMTP port', () => {
  it('takes a mail, byte for byte, for the recipients that it has accepted', async () => {
    const replies = await talk(
      'MAIL FROM:<cron@a.example>',
      'RCPT TO:<x@other.example>',
      'RCPT TO:<x@ping.example.com>',
      'RCPT TO:<Check@ping.example.com>',
      'DATA',
      'Subject: x\r\n\r\n..dot \xff\r\n.',
    )

    expect(replies[1]).toBe('550 5.1.1 Recipient rejected')
    expect(replies[2]).toBe('550 5.1.1 Invalid mailbox')
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual([
      '250',
      '550',
      '550',
      '250',
      '354',
      '250',
    ])
    expect(taken).toEqual([
      {
        from: 'cron@a.example',
        to: ['Check@ping.example.com'],
        raw: Buffer.from('Subject: x\r\n\r\n.dot \xff\r\n', 'latin1'),
      },
    ])
  })

  it('takes a mail that nobody sent, as bounces are', async () => {
    await talk('MAIL FROM:<>', 'RCPT TO:<check@ping.example.com>', 'DATA', 'bounced\r\n.')

    expect(taken[0]?.from).toBe('')
  })

  it('asks to come again while the stack starts', async () => {
    isReady = false

    const replies = await talk(
      'MAIL FROM:<a@a.example>',
      'RCPT TO:<check@ping.example.com>',
      'DATA',
      'x\r\n.',
    )

    expect(replies.at(-1)).toBe('451 4.3.0 The local stack is starting')
    expect(taken).toEqual([])
  })

  it('that is in use is named', async () => {
    const second: unknown = await listenForMail(port, () => undefined).catch(
      (error: unknown) => error,
    )

    expect(second).toEqual(new StartError(`the port ${port} is in use; set SMTP_PORT to another`))
  })
})
