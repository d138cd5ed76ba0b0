import { type ClientSettings, Service } from './service.ts'

/**
 * Lambda as calls of other functions use it, by the names that the SDK has for it; in its place
 * like the DynamoDB beside it.
 */
export class LambdaClient {
  readonly #service: Service

  constructor(settings: ClientSettings = {}) {
    this.#service = new Service('lambda', settings)
  }

  send({ input: { FunctionName, Payload } }: InvokeCommand): Promise<Invoked> {
    const path = `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations`
    return this.#service.call(
      { path, headers: { 'content-type': 'application/json' }, body: Payload },
      ({ headers, text }) => {
        const failure = headers['x-amz-function-error']?.toString()
        return {
          Payload: { transformToString: () => text },
          ...(failure === undefined ? {} : { FunctionError: failure }),
        }
      },
    )
  }
}

type Invoked = {
  readonly FunctionError?: string
  readonly Payload: { readonly transformToString: () => string }
}

export class InvokeCommand {
  readonly input: { readonly FunctionName: string; readonly Payload: string }

  constructor(input: InvokeCommand['input']) {
    this.input = input
  }
}
