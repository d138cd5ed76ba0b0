import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import type { Unpingable } from '../../../lambdas/domain/watching/mailbox.ts'
import type { Envelope, MailIntake } from './mail-intake.ts'
import { StartError } from '../start-error.ts'
import { unlessUnkept } from '../data/storage-error.ts'

/** The longest message that SES takes. */
const LONGEST_MAIL_BYTES = 40_000_000

/** The refusals in Healthchecks' words. */
const refusals: Readonly<Record<Unpingable, string>> = {
  'other-domain': '5.1.1 Recipient rejected',
  'invalid-mailbox': '5.1.1 Invalid mailbox',
}

/**
 * Listens for mail on the loopback interface.
 * @param intake gives what takes mails; undefined until it has started
 * @throws StartError when the port is in use.
 */
export async function listenForMail(
  port: number,
  intake: () => MailIntake | undefined,
): Promise<{ close(): Promise<void> }> {
  const server = new SMTPServer({
    // Nobody signs in, and mails that stay on this machine need no encryption.
    disabledCommands: ['AUTH', 'STARTTLS'],
    // The texts have enhanced status codes already.
    hideENHANCEDSTATUSCODES: true,
    disableReverseLookup: true,
    size: LONGEST_MAIL_BYTES,
    closeTimeout: 1000,
    onRcptTo: ({ address }, _, done) => {
      const refusal = intake()?.refusalOf(address)
      done(refusal === undefined ? null : reply(550, refusals[refusal]))
    },
    onData: (stream, { envelope }, done) => {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
      const to = envelope.rcptTo.map(({ address }) => address)
      buffer(stream).then(
        (raw) =>
          done(
            stream.sizeExceeded
              ? reply(552, '5.3.4 Message too big')
              : hand(intake(), { from, to, raw }),
          ),
        done,
      )
    },
  })
  await bound(server, port)
  return { close: () => new Promise((resolve) => server.close(resolve)) }
}

function hand(intake: MailIntake | undefined, envelope: Envelope): Error | null {
  if (intake === undefined) return reply(451, '4.3.0 The local stack is starting')
  return unlessUnkept(() => intake.take(envelope)) === undefined
    ? reply(452, '4.3.1 Insufficient system storage')
    : null
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

function bound(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isBound = false
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Later errors are of clients that have gone away.
      if (isBound) return
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `can't be had: ${error.message}`
      reject(new StartError(`the port ${port} ${reason}; set SMTP_PORT to another`))
    })
    server.listen(port, '127.0.0.1', () => {
      isBound = true
      resolve()
    })
  })
}
