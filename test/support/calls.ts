import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

type Command = Parameters<DynamoDBClient['send']>[0]

/**
 * Has something happen before each call that a client sends from now on. @param deed is told the
 * operation, such as `UpdateItem`
 */
export function beforeCalls(client: DynamoDBClient, deed: (operation: string) => unknown): void {
  const send = client.send.bind(client) as (command: Command) => Promise<unknown>
  Object.assign(client, {
    send: async (command: Command) => {
      await deed(command.constructor.name.replace(/Command$/, ''))
      return send(command)
    },
  })
}
