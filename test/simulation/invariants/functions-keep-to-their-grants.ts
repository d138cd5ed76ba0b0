import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb'
import { grants } from '../../../lib/grants.ts'
import type { CallNote } from '../process.ts'
import type { Invariant } from '../invariant.ts'

/** 3. No ping reads the registry; and no function does anything that its role does not let it. */
export const functionsKeepToTheirGrants: Invariant = {
  name: '3 functions keep to their grants',
  find: ({ world }) => {
    const seen = new Set<string>()
    for (const { name, calls } of world.processes) {
      const granted = grantsOf(name)
      if (granted === undefined) continue
      for (const call of calls)
        for (const [resource, action] of actionsOf(call))
          if (granted[resource]?.includes(action) !== true)
            seen.add(`${name} does ${action} on ${resource}`)
    }
    return [...seen]
  },
}

type Granted = Readonly<Record<string, readonly string[]>>
const all: Readonly<Record<string, Granted>> = grants

function grantsOf(name: string): Granted | undefined {
  return all[name.charAt(0).toUpperCase() + name.slice(1)]
}

function actionsOf({
  service,
  operation,
  input,
}: CallNote): readonly (readonly [resource: string, action: string])[] {
  const {
    TableName,
    QueueUrl = '',
    RequestItems,
  } = input as {
    readonly TableName?: string
    readonly QueueUrl?: string
    readonly RequestItems?: object
  }
  switch (service) {
    case 'lambda':
      return [['Provision', 'lambda:InvokeFunction']]
    case 'internet':
    case 'source':
    case 'endpoint':
      return []
    case 'cloudwatch':
      return [['Metrics', `cloudwatch:${operation}`]]
    case 'ses':
      return [['Mail', 'ses:SendEmail']]
    case 'sqs':
      return [[QueueUrl.split('/').at(-1) ?? '', `sqs:${operation.replace('Batch', '')}`]]
    case 'dynamodb':
      if (operation === 'TransactWriteItems')
        return itemActions(input as TransactWriteItemsCommandInput)
      return (TableName === undefined ? Object.keys(RequestItems ?? {}) : [TableName]).map(
        (table) => [table, `dynamodb:${operation}`],
      )
  }
}

function itemActions({ TransactItems = [] }: TransactWriteItemsCommandInput) {
  return TransactItems.flatMap((item) =>
    Object.entries(item).map(
      ([kind, { TableName }]) =>
        [
          TableName,
          `dynamodb:${kind === 'ConditionCheck' ? kind : ''}${kind === 'ConditionCheck' ? '' : kind}Item`,
        ] as const,
    ),
  ).map(([table, action]) => [table ?? '', action] as const)
}
