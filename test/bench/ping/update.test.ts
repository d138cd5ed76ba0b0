import { expect, it } from 'vitest'
import { update } from '../../../bench/ping/update.ts'
import { marshalled } from '../../../lambdas/aws/attribute-value.ts'
import { pingExpression } from '../../../lambdas/store/watching/ping-expression.ts'

it('compares a ping with a request for what a ping writes', () => {
  const { UpdateExpression, ConditionExpression, ExpressionAttributeValues } = update
  const written = pingExpression({
    signal: 'success',
    at: 1_780_000_000_000,
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8.5.0',
    bodyBytes: 0,
  })

  expect([UpdateExpression, ConditionExpression]).toEqual([written.update, written.condition])
  expect(ExpressionAttributeValues).toEqual(marshalled(written.values))
})
