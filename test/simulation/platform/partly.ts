import type { BatchGetItemCommandInput, BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs'
import type { Dice } from '../dice.ts'
import type { AwsCall } from '../host.ts'

/** A batch of which only a part is done: what to do, and how the answer tells of the rest. */
export type Parts = { readonly done: AwsCall; readonly merge: (answer: object) => object }

/** Undefined when a call is no batch, or has nothing to leave out. */
export function split(call: AwsCall, dice: Dice): Parts | undefined {
  switch (call.operation) {
    case 'BatchWriteItem':
      return splitWrites(call, dice)
    case 'BatchGetItem':
      return splitReads(call, dice)
    case 'SendMessageBatch':
      return splitMessages(call, dice)
    default:
      return undefined
  }
}

function splitWrites(call: AwsCall, dice: Dice): Parts | undefined {
  const [table, requests] =
    Object.entries((call.input as BatchWriteItemCommandInput).RequestItems ?? {})[0] ?? []
  if (table === undefined || requests === undefined || requests.length < 2) return undefined
  const count = dice.between(1, requests.length - 1)
  return {
    done: { ...call, input: { RequestItems: { [table]: requests.slice(0, count) } } },
    merge: (answer) => ({ ...answer, UnprocessedItems: { [table]: requests.slice(count) } }),
  }
}

function splitReads(call: AwsCall, dice: Dice): Parts | undefined {
  const [table, request] =
    Object.entries((call.input as BatchGetItemCommandInput).RequestItems ?? {})[0] ?? []
  const keys = request?.Keys ?? []
  if (table === undefined || keys.length < 2) return undefined
  const count = dice.between(1, keys.length - 1)
  return {
    done: {
      ...call,
      input: { RequestItems: { [table]: { ...request, Keys: keys.slice(0, count) } } },
    },
    merge: (answer) => ({
      ...answer,
      UnprocessedKeys: { [table]: { ...request, Keys: keys.slice(count) } },
    }),
  }
}

function splitMessages(call: AwsCall, dice: Dice): Parts | undefined {
  const input = call.input as SendMessageBatchCommandInput
  const entries = input.Entries ?? []
  const count = dice.between(0, entries.length - 1)
  const Failed = entries
    .slice(count)
    .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }))
  return {
    done: { ...call, input: { ...input, Entries: entries.slice(0, count) } },
    merge: (answer) => ({ ...answer, Failed }),
  }
}
