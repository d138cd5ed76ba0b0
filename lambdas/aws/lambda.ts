import { type ClientSettings, Service } from './service.ts'

/**
 * Lambda as far as other functions are called, under the SDK's names. It stands in the SDK's place
 * in bundles (docs/decisions/0017).
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
