import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { uniqueKeyOf } from '../../lambdas/domain/check.ts'
import { registryKeys } from '../../lambdas/store/keys.ts'
import type { TestEngine } from './engine.ts'

/** Leaves a check in the registry that nobody can read. */
export async function breakCheck({ client, names }: TestEngine, projectId: string, checkId: string): Promise<void> {
  const Key = marshall(registryKeys.check(projectId, uniqueKeyOf(checkId)))
  const update = { UpdateExpression: 'SET graceSeconds = :odd', ExpressionAttributeValues: marshall({ ':odd': 'odd' }) }
  await client.send(new UpdateItemCommand({ TableName: names.Registry, Key, ...update }))
}
