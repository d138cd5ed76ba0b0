import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { type RegistryKey, registryKeys } from '../../lambdas/store/keys.ts'
import type { TestEngine } from './engine.ts'

/** Leaves a check in the registry that nobody can read. */
export async function breakCheck(
  engine: TestEngine,
  projectId: string,
  checkId: string,
  field = 'graceSeconds',
): Promise<void> {
  await spoil(engine, registryKeys.check(projectId, uniqueKeyOf(checkId)), field)
}

/** Leaves a channel in the registry that nobody can read. */
export async function breakChannel(
  engine: TestEngine,
  projectId: string,
  channelId: string,
): Promise<void> {
  await spoil(engine, registryKeys.channel(projectId, channelId), 'kind')
}

async function spoil(
  { client, names }: TestEngine,
  key: RegistryKey,
  field: string,
): Promise<void> {
  const expression = {
    UpdateExpression: 'SET #field = :odd',
    ExpressionAttributeNames: { '#field': field },
  }
  const values = { ExpressionAttributeValues: marshall({ ':odd': ['odd'] }) }
  await client.send(
    new UpdateItemCommand({
      TableName: names.Registry,
      Key: marshall(key),
      ...expression,
      ...values,
    }),
  )
}
