import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import type { SQSEvent } from 'aws-lambda'
import type { Notice } from '../../../lambdas/domain/notice.ts'
import { isIn } from '../faults.ts'
import type { AwsCall } from '../host.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'

/** A mail that SES has taken, and the notices it was sent for: those of the invocation that sent it. */
export type SentMail = {
  readonly at: number
  readonly to: string
  readonly subject: string
  readonly by: Process
  readonly notices: readonly Notice[]
}

/** SES, as far as it takes mails or refuses them for a while. */
export class MailService implements Service {
  readonly sent: SentMail[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  perform({ input }: AwsCall, by: Process): object {
    const { faults, now } = this.#world
    if ((!faults.isOver && isIn(faults.noMail, now)) || faults.strikes('mail-refused')) {
      throw Object.assign(new Error('simulated refusal'), { name: 'TooManyRequestsException' })
    }
    const { Destination, Content } = input as SendEmailCommandInput
    const notices = (by.event as SQSEvent).Records.map(({ body }) => JSON.parse(body) as Notice)
    for (const to of Destination?.ToAddresses ?? []) {
      this.sent.push({ at: now, to, subject: Content?.Simple?.Subject?.Data ?? '', by, notices })
    }
    return { MessageId: `mail-${this.sent.length}` }
  }
}
