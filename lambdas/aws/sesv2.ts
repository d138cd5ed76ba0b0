import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import { type ClientSettings, Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/**
 * SES as far as mails are sent, under the SDK's names. It stands in the SDK's place in bundles
 * (docs/decisions/0017).
 */
export class SESv2Client {
  readonly #service: Service

  constructor(settings: ClientSettings = {}) {
    this.#service = new Service('sesv2', settings)
  }

  /**
   * Reads nothing of the answer: once SES has taken a mail, an odd answer must not have it sent
   * again.
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
