import type { InvocationResult } from '../../../lib/local/functions/function-process.ts'
import type { LocalFunction } from '../../../lib/local/functions/local-function.ts'

export type Batch = {
  readonly Records: readonly {
    readonly messageId?: string
    readonly body?: string
    readonly dynamodb?: { readonly SequenceNumber: string }
  }[]
}

/**
 * A function that answers as told, and the batches that it got: bodies of messages, or sequence
 * numbers of records.
 */
export function answering(answer: (batch: Batch) => InvocationResult | Promise<InvocationResult>) {
  const batches: (readonly string[])[] = []
  const target: Pick<LocalFunction, 'invoke' | 'definition'> = {
    definition: {
      name: 'fed',
      arn: 'arn:fed',
      bundle: '',
      handler: '',
      environment: {},
      timeoutSeconds: 1,
      memoryMegabytes: 128,
      statements: [],
      retries: 0,
    },
    invoke: (event) => {
      const batch = event as Batch
      batches.push(
        batch.Records.map(({ body, dynamodb }) => body ?? dynamodb?.SequenceNumber ?? ''),
      )
      return Promise.resolve(answer(batch))
    },
  }
  return { target, batches }
}

/** Lets everything go on that does not wait for the clock. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
