import { describe, expect, it } from 'vitest'
import type { AwsCall } from '../../../../lib/local/services/aws-call.ts'
import { makeDynamoService } from '../../../../lib/local/services/dynamodb-service.ts'

const arn = (table: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`
const call = (operation: string, input: Readonly<Record<string, unknown>>): AwsCall => ({
  service: 'dynamodb',
  operation,
  caller: 'ping',
  input,
  body: Buffer.from(JSON.stringify(input)),
})

function serviceOf(status: number, answer: unknown) {
  const sent: unknown[] = []
  const written: string[] = []
  const engine = {
    send: (_: string, body: Buffer | string) => {
      sent.push(JSON.parse(body.toString()))
      return Promise.resolve({
        status,
        body: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)),
      })
    },
  }
  return {
    service: makeDynamoService({ engine, onWrite: (tables) => written.push(...tables) }),
    sent,
    written,
  }
}

describe('a call to DynamoDB', () => {
  const { service } = serviceOf(200, {})

  it('takes its own action on its table', () => {
    expect(service.accesses(call('UpdateItem', { TableName: 'Heartbeats' }))).toEqual([
      { action: 'dynamodb:UpdateItem', resource: arn('Heartbeats') },
    ])
    expect(
      service.accesses(call('Query', { TableName: arn('Journal'), IndexName: 'byTime' })),
    ).toEqual([{ action: 'dynamodb:Query', resource: `${arn('Journal')}/index/byTime` }])
  })

  it('takes its action on each table of a batch', () => {
    expect(
      service.accesses(call('BatchGetItem', { RequestItems: { Registry: {}, Journal: {} } })),
    ).toEqual([
      { action: 'dynamodb:BatchGetItem', resource: arn('Registry') },
      { action: 'dynamodb:BatchGetItem', resource: arn('Journal') },
    ])
  })

  it('takes what a transaction is made of', () => {
    const TransactItems = ['Put', 'Update', 'Delete', 'ConditionCheck'].map((kind) => ({
      [kind]: { TableName: 'Registry' },
    }))

    const actions = service
      .accesses(call('TransactWriteItems', { TransactItems }))
      .map(({ action }) => action)

    expect(actions).toEqual([
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ])
  })

  it('is asked what it used, and answered as if it had not been', async () => {
    const { service, sent, written } = serviceOf(
      200,
      '{"Attributes":{"n":{"N":"1"}},"ConsumedCapacity":{"TableName":"Heartbeats","CapacityUnits":1.0}}',
    )

    const answer = await service.perform(call('UpdateItem', { TableName: 'Heartbeats' }))

    expect(sent).toEqual([{ TableName: 'Heartbeats', ReturnConsumedCapacity: 'TOTAL' }])
    expect(answer.body.toString()).toBe('{"Attributes":{"n":{"N":"1"}}}')
    expect(answer.usage?.get('Heartbeats')).toEqual({ readUnits: 0, writeUnits: 1, isError: false })
    expect(written).toEqual(['Heartbeats'])
  })

  it.each([
    [
      'that stands first',
      '{"ConsumedCapacity":{"TableName":"Lookups","CapacityUnits":0.5},"Item":{}}',
    ],
    ['that stands alone', '{"ConsumedCapacity":{"TableName":"Lookups","CapacityUnits":0.5}}'],
  ])('counts a use %s', async (_, text) => {
    const { service, written } = serviceOf(200, text)

    const answer = await service.perform(call('GetItem', { TableName: 'Lookups' }))

    expect(answer.usage?.get('Lookups')).toEqual({ readUnits: 0.5, writeUnits: 0, isError: false })
    expect(answer.body.toString()).not.toContain('Capacity')
    expect(written).toEqual([])
  })

  it('gets to know its use when it asked for it', async () => {
    const text = '{"Items":[],"ConsumedCapacity":{"TableName":"Heartbeats","CapacityUnits":2.0}}'
    const { service } = serviceOf(200, text)

    const answer = await service.perform(
      call('Scan', { TableName: 'Heartbeats', ReturnConsumedCapacity: 'TOTAL' }),
    )

    expect(answer.body.toString()).toBe(text)
    expect(answer.usage?.get('Heartbeats')).toMatchObject({ readUnits: 2 })
  })

  it('counts a use of several tables', async () => {
    const { service } = serviceOf(200, {
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'Registry', CapacityUnits: 2 },
        { TableName: 'Journal', CapacityUnits: 3 },
      ],
    })

    const { usage, body } = await service.perform(
      call('BatchWriteItem', { RequestItems: { Registry: [], Journal: [] } }),
    )

    expect([usage?.get('Registry')?.writeUnits, usage?.get('Journal')?.writeUnits]).toEqual([2, 3])
    expect(body.toString()).toBe('{"UnprocessedItems":{}}')
  })

  it('costs a write when its condition fails', async () => {
    const { service, written } = serviceOf(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    })

    const { usage } = await service.perform(call('UpdateItem', { TableName: 'Heartbeats' }))

    expect(usage?.get('Heartbeats')).toEqual({ readUnits: 0, writeUnits: 1, isError: true })
    expect(written).toEqual([])
  })

  it('costs two writes for each item of a transaction that is cancelled', async () => {
    const { service } = serviceOf(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    })
    const TransactItems = [
      { Put: { TableName: 'Registry' } },
      { Update: { TableName: 'Registry' } },
    ]

    const { usage } = await service.perform(call('TransactWriteItems', { TransactItems }))

    expect(usage?.get('Registry')).toEqual({ readUnits: 0, writeUnits: 4, isError: true })
  })
})
