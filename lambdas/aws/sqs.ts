import type {
  ChangeMessageVisibilityCommandInput,
  GetQueueAttributesCommandInput,
  GetQueueAttributesCommandOutput,
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
} from '@aws-sdk/client-sqs'
import { type ClientSettings, Service } from './service.ts'

/**
 * SQS as far as the queues use it, under the SDK's names. It stands in the SDK's place in bundles
 * (docs/decisions/0017).
 */
export class SQSClient {
  readonly #service: Service

  constructor(settings: ClientSettings = {}) {
    this.#service = new Service('sqs', settings)
  }

  send<Output>(command: Command<object, Output>): Promise<Output> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${command.operation}`,
    }
    return this.#service.call(
      { path: '/', headers, body: JSON.stringify(command.input) },
      ({ text }) => command.read(text),
    )
  }
}

abstract class Command<Input extends object, Output> {
  abstract readonly operation: string
  readonly input: Input

  constructor(input: Input) {
    this.input = input
  }

  /** Some answers are empty. @throws when the text is no answer. */
  read(text: string): Output {
    return (text === '' ? {} : JSON.parse(text)) as Output
  }
}

export class ChangeMessageVisibilityCommand extends Command<
  ChangeMessageVisibilityCommandInput,
  object
> {
  readonly operation = 'ChangeMessageVisibility'
}

export class GetQueueAttributesCommand extends Command<
  GetQueueAttributesCommandInput,
  Pick<GetQueueAttributesCommandOutput, 'Attributes'>
> {
  readonly operation = 'GetQueueAttributes'
}

export class SendMessageBatchCommand extends Command<
  SendMessageBatchCommandInput,
  Omit<SendMessageBatchCommandOutput, '$metadata'>
> {
  readonly operation = 'SendMessageBatch'
}
