import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import { type ClientSettings, Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/**
 * SES as mails are sent through it, by the names that the SDK has for it; in its place like the
 * DynamoDB beside it.
 */
export class SESv2Client {
  readonly #service: Service

  constructor(settings: ClientSettings = {}) {
    this.#service = new Service('sesv2', settings)
  }

  /**
   * Whatever SES says once it has taken a mail: it must not be sent again for that.
   * @throws BadRequestException, else a ServiceError with the SDK's name of the error.
   */
  async send({ input }: SendEmailCommand): Promise<void> {
    const request = {
      path: '/v2/email/outbound-emails',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }
    try {
      await this.#service.call(request, () => undefined)
    } catch (error) {
      throw error instanceof ServiceError && error.name === 'BadRequestException'
        ? new BadRequestException(error.message)
        : error
    }
  }
}

export class SendEmailCommand {
  readonly input: SendEmailCommandInput

  constructor(input: SendEmailCommandInput) {
    this.input = input
  }
}

export class BadRequestException extends Error {
  override readonly name = 'BadRequestException'
}
