import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import { isIn } from '../faults.ts'
import type { AwsCall } from '../host.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'
import type { Sent } from './sent.ts'

/**
 * SES, as far as it takes mails or refuses them for a while. The text of a mail is the list of
 * deliveries that it tells.
 */
export class MailService implements Service {
  readonly sent: Sent[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  perform({ input }: AwsCall, by: Process): object {
    const { faults, now } = this.#world
    if ((!faults.isOver && isIn(faults.noMail, now)) || faults.strikes('mail-refused')) {
      throw Object.assign(new Error('simulated refusal'), { name: 'TooManyRequestsException' })
    }
    const { Content } = input as SendEmailCommandInput
    this.sent.push({
      at: now,
      by,
      tells: JSON.parse(Content?.Simple?.Body?.Text?.Data ?? '[]') as readonly string[],
    })
    return { MessageId: `mail-${this.sent.length}` }
  }
}
