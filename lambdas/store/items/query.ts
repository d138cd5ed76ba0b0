import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'

type Item = Record<string, AttributeValue>

/**
 * The first items of a query, up to so many, from as many pages as it takes. What its filter leaves
 * out does not count.
 */
export async function firstItems(
  client: DynamoDBClient,
  input: QueryCommandInput,
  limit: number,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let start: Item | undefined
  do {
    const next = start === undefined ? {} : { ExclusiveStartKey: start }
    const page = await client.send(
      new QueryCommand({ ...input, ...next, Limit: limit - items.length }),
    )
    items.push(...(page.Items ?? []))
    start = page.LastEvaluatedKey
  } while (start !== undefined && items.length < limit)
  return items
}
