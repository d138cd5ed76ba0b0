/** What a plain ping asks DynamoDB for: the request that everything here is compared by. */
export const update = {
  TableName: 'Heartbeats',
  Key: { id: { S: '8f3c1a52-6a0e-4b7d-9d31-2f6f5c7e9a10' } },
  ReturnValues: 'UPDATED_NEW',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  UpdateExpression:
    'SET s = :up, p = :now, d = :now - if_not_exists(t, :begunAt), u = if_not_exists(u, :now), U = if_not_exists(U, n), c = :c, q = :q ADD n :one REMOVE t, r, b, w, W, y, h, H',
  ConditionExpression:
    'attribute_exists(v) AND attribute_not_exists(z) AND (attribute_not_exists(m) OR s <> :paused) AND (attribute_not_exists(q) OR q <> :q) AND (attribute_not_exists(M) OR contains(M, :method)) AND attribute_not_exists(x) AND (attribute_not_exists(p) OR p <= :now) AND (attribute_not_exists(t) OR t <= :now) AND attribute_not_exists(R) AND attribute_not_exists(r)',
  ExpressionAttributeValues: {
    ':now': { N: '1780000000000' },
    ':begunAt': { N: '1780000000001' },
    ':one': { N: '1' },
    ':up': { S: 'up' },
    ':paused': { S: 'paused' },
    ':method': { S: 'GET' },
    ':q': { S: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' },
    ':c': {
      M: {
        k: { S: 'success' },
        i: { N: '1780000000000' },
        l: { S: 'https' },
        m: { S: 'GET' },
        a: { S: '198.51.100.7' },
        u: { S: 'curl/8.5.0' },
        b: { N: '0' },
      },
    },
  },
} as const
