import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTables, type TestEngine } from '../../support/engine.ts'
import { answerTo } from '../../support/raw.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await makeTables()
})
afterAll(() => engine.stop())

const fields = {
  n: 5,
  s: 'abc',
  l: ['x', 1],
  m: { a: 1, b: 'c' },
  flag: true,
  labels: new Set(['a', 'b']),
  blank: '',
  nil: null,
  big: '\u{1F600}',
}

type Values = Readonly<Record<string, unknown>>

async function keyOfStored(
  item: object | undefined,
): Promise<{ readonly pk: string; readonly sk: string }> {
  const key = { pk: randomUUID(), sk: 'case' }
  if (item !== undefined)
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Registry, Item: marshall({ ...item, ...key }) }),
    )
  return key
}

/** The expression may name `#1`, which stands for the reserved word `state`. */
async function update(
  key: object,
  expressions: { readonly condition?: string; readonly update?: string },
  values: Values,
) {
  const text = `${expressions.condition ?? ''} ${expressions.update ?? ''}`
  const command = new UpdateItemCommand({
    TableName: engine.names.Registry,
    Key: marshall(key),
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(expressions.condition === undefined ? {} : { ConditionExpression: expressions.condition }),
    ...(expressions.update === undefined ? {} : { UpdateExpression: expressions.update }),
    ...(text.includes('#1') ? { ExpressionAttributeNames: { '#1': 'state' } } : {}),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: valuesOf(values) }),
  })
  return answerTo(engine.client, command)
}

/** Numbers may be given as they are to be written, as `{ N: '5.0' }`. */
function valuesOf(values: Values) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'N' in value
        ? { N: String(value.N) }
        : (marshall({ value })['value'] ?? { NULL: true }),
    ]),
  )
}

async function stored(key: object): Promise<unknown> {
  const { Item } = await engine.client.send(
    new GetItemCommand({
      TableName: engine.names.Registry,
      Key: marshall(key),
      ConsistentRead: true,
    }),
  )
  if (Item === undefined) return undefined
  const {
    pk: _,
    sk: __,
    ...rest
  } = unmarshall(Item, {
    wrapNumbers: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  })
  return rest
}

describe('a condition on an item', () => {
  it.each<[condition: string, values: Values, holds: boolean]>([
    ['attribute_exists(n)', {}, true],
    ['attribute_exists(gone)', {}, false],
    ['attribute_not_exists(gone)', {}, true],
    ['attribute_not_exists(n)', {}, false],
    ['attribute_exists(nil)', {}, true],
    ['n = :v', { ':v': 5 }, true],
    ['n = :v', { ':v': { N: '5.00' } }, true],
    ['n = :v', { ':v': '5' }, false],
    ['n <> :v', { ':v': 5 }, false],
    ['n <> :v', { ':v': '5' }, true],
    ['gone = :v', { ':v': 5 }, false],
    ['gone <> :v', { ':v': 5 }, true],
    ['gone < :v', { ':v': 5 }, false],
    ['n < :v', { ':v': 10 }, true],
    ['n < :v', { ':v': 'x' }, false],
    ['n <= :v', { ':v': 5 }, true],
    ['n > :v', { ':v': { N: '4.9999999999999999999999' } }, true],
    ['n >= :v', { ':v': 6 }, false],
    ['s < :v', { ':v': 'abd' }, true],
    ['s < :v', { ':v': 'ab' }, false],
    ['big > :v', { ':v': '\uFFFD' }, true],
    ['blank = :v', { ':v': '' }, true],
    ['flag = :v', { ':v': true }, true],
    ['m = :v', { ':v': { b: 'c', a: 1 } }, true],
    ['m = :v', { ':v': { a: 1 } }, false],
    ['l = :v', { ':v': ['x', 1] }, true],
    ['labels = :v', { ':v': new Set(['b', 'a']) }, true],
    ['n BETWEEN :a AND :b', { ':a': 5, ':b': 7 }, true],
    ['n BETWEEN :a AND :b', { ':a': 6, ':b': 7 }, false],
    ['begins_with(s, :v)', { ':v': 'ab' }, true],
    ['begins_with(s, :v)', { ':v': 'b' }, false],
    ['begins_with(gone, :v)', { ':v': 'b' }, false],
    ['contains(s, :v)', { ':v': 'bc' }, true],
    ['contains(l, :v)', { ':v': 'x' }, true],
    ['contains(labels, :v)', { ':v': 'b' }, true],
    ['contains(labels, :v)', { ':v': 'c' }, false],
    ['contains(gone, :v)', { ':v': 'x' }, false],
    ['NOT n = :v', { ':v': 5 }, false],
    ['n = :no AND n = :no OR s = :s', { ':no': 6, ':s': 'abc' }, true],
    ['n = :no AND (n = :no OR s = :s)', { ':no': 6, ':s': 'abc' }, false],
    ['attribute_exists(n) and not attribute_exists(gone)', {}, true],
    ['attribute_not_exists(#1)', {}, true],
    ['m <> l AND :v = n', { ':v': 5 }, true],
  ])('%s with %j holds: %s', async (condition, values, holds) => {
    const key = await keyOfStored(fields)

    const answer = await update(key, { condition }, values)

    if (holds) expect(answer).toEqual({})
    else
      expect(answer).toEqual({
        error: 'ConditionalCheckFailedException',
        found: { ...fields, ...key },
      })
  })

  it.each<[condition: string, values: Values, holds: boolean]>([
    ['attribute_not_exists(pk)', {}, true],
    ['attribute_exists(pk)', {}, false],
    ['gone <> :v', { ':v': 5 }, true],
    ['gone = :v', { ':v': 5 }, false],
  ])('%s with %j holds where none is: %s', async (condition, values, holds) => {
    const key = await keyOfStored(undefined)

    expect(await update(key, { condition }, values)).toEqual(
      holds ? {} : { error: 'ConditionalCheckFailedException' },
    )
    expect(await stored(key)).toEqual(holds ? {} : undefined)
  })
})

describe('an update', () => {
  it.each<
    [
      update: string,
      values: Values,
      before: object | undefined,
      after: object | undefined,
      told: object | undefined,
    ]
  >([
    ['SET n = :v', { ':v': 2 }, { n: 1, o: 1 }, { n: 2, o: 1 }, { n: 2 }],
    ['SET #1 = :v', { ':v': 'on' }, {}, { state: 'on' }, { state: 'on' }],
    ['SET n = n + :v, o = n', { ':v': 2 }, { n: 1, o: 5 }, { n: 3, o: 1 }, { n: 3, o: 1 }],
    ['SET d = :v - if_not_exists(t, :w)', { ':v': 9, ':w': 10 }, {}, { d: -1 }, { d: -1 }],
    [
      'SET d = :v - if_not_exists(t, :w)',
      { ':v': 9, ':w': 10 },
      { t: 4 },
      { t: 4, d: 5 },
      { d: 5 },
    ],
    ['SET u = if_not_exists(u, n)', {}, { n: 4 }, { n: 4, u: 4 }, { u: 4 }],
    ['SET u = if_not_exists(u, n)', {}, { n: 4, u: 1 }, { n: 4, u: 1 }, { u: 1 }],
    [
      'SET l = list_append(if_not_exists(l, :none), :more)',
      { ':none': [], ':more': [1] },
      {},
      { l: [1] },
      { l: [1] },
    ],
    [
      'SET l = list_append(if_not_exists(l, :none), :more)',
      { ':none': [], ':more': [2] },
      { l: [1] },
      { l: [1, 2] },
      { l: [1, 2] },
    ],
    ['ADD n :v', { ':v': 1 }, undefined, { n: 1 }, { n: 1 }],
    ['ADD n :v, o :v', { ':v': -1 }, { n: 1 }, { n: 0, o: -1 }, { n: 0, o: -1 }],
    [
      'ADD s :v',
      { ':v': new Set(['b']) },
      { s: new Set(['a']) },
      { s: new Set(['a', 'b']) },
      { s: new Set(['a', 'b']) },
    ],
    [
      'SET a = :v ADD n :v REMOVE o, gone',
      { ':v': 1 },
      { n: 1, o: 1 },
      { a: 1, n: 2 },
      { a: 1, n: 2 },
    ],
    ['set a = :v remove o', { ':v': '' }, { o: 1 }, { a: '' }, { a: '' }],
    ['REMOVE o', {}, { o: 1, n: 1 }, { n: 1 }, undefined],
    ['SET n = :v', { ':v': { N: '1e3' } }, {}, { n: 1000 }, { n: 1000 }],
    ['SET n = n + :v', { ':v': { N: '0.2' } }, { n: 0.1 }, { n: '0.3' }, { n: '0.3' }],
    [
      'ADD n :v',
      { ':v': 1 },
      { n: 999999999999999 },
      { n: 1000000000000000 },
      { n: 1000000000000000 },
    ],
    [
      'ADD n :v',
      { ':v': { N: '9007199254740993' } },
      { n: 1 },
      { n: '9007199254740994' },
      { n: '9007199254740994' },
    ],
  ])('%s with %j', async (expression, values, before, after, told) => {
    const key = await keyOfStored(before)

    const answer = await update(key, { update: expression }, values)

    expect(await stored(key)).toEqual(after)
    const attributes =
      'Attributes' in answer ? unmarshall(answer['Attributes'] as never, wrapped) : undefined
    expect(attributes).toEqual(told)
  })

  it('leaves what it does not name alone, the end of the item among it', async () => {
    const key = await keyOfStored({ expiresAt: 2_000_000_000, n: 1 })

    await update(key, { update: 'ADD n :v' }, { ':v': 1 })

    expect(await stored(key)).toEqual({ expiresAt: 2_000_000_000, n: 2 })
  })

  it('that fails its condition changes nothing, and makes no item', async () => {
    const [key, none] = [await keyOfStored({ n: 1 }), await keyOfStored(undefined)]

    await update(key, { update: 'SET n = :v', condition: 'n > :v' }, { ':v': 7 })
    await update(none, { update: 'SET n = :v', condition: 'n > :v' }, { ':v': 7 })

    expect([await stored(key), await stored(none)]).toEqual([{ n: 1 }, undefined])
  })
})

const wrapped = {
  wrapNumbers: (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
}

describe('refused is', () => {
  it.each<[what: string, update: string, condition: string | undefined, values: Values]>([
    ['a value that is not given', 'SET n = :v', undefined, {}],
    ['a value that is not used', 'SET n = :v', undefined, { ':v': 1, ':w': 1 }],
    ['a reserved word', 'SET state = :v', undefined, { ':v': 1 }],
    ['a reserved word in a condition', 'SET n = :v', 'attribute_exists(key)', { ':v': 1 }],
    ['a change of the key', 'SET sk = :v', undefined, { ':v': 'x' }],
    ['two changes of one attribute', 'SET n = :v REMOVE n', undefined, { ':v': 1 }],
    ['a section twice', 'SET n = :v SET o = :v', undefined, { ':v': 1 }],
    ['a sum with a string', 'SET n = s + :v', undefined, { ':v': 1 }],
    ['a sum with nothing', 'SET n = gone + :v', undefined, { ':v': 1 }],
    ['an attribute that is not there', 'SET n = gone', undefined, {}],
    ['adding to a string', 'ADD s :v', undefined, { ':v': 1 }],
    ['adding a string', 'ADD n :v', undefined, { ':v': 'x' }],
    ['appending to a number', 'SET n = list_append(n, :v)', undefined, { ':v': [1] }],
    ['what is no number', 'SET n = :v', undefined, { ':v': { N: 'x' } }],
    ['a number of 39 digits', 'SET n = :v', undefined, { ':v': { N: '1'.repeat(39) } }],
    ['a number that is too large', 'SET n = :v', undefined, { ':v': { N: '1e126' } }],
    ['an expression that does not end', 'SET n = :v,', undefined, { ':v': 1 }],
    ['a condition that does not end', 'SET n = :v', 'n = :v AND', { ':v': 1 }],
    ['an item that is too large', 'SET n = :v', undefined, { ':v': 'x'.repeat(410_000) }],
  ])('%s', async (_, expression, condition, values) => {
    const key = await keyOfStored({ s: 'text', n: 1 })

    const answer = await update(
      key,
      { update: expression, ...(condition === undefined ? {} : { condition }) },
      values,
    )

    expect(answer).toMatchObject({ error: 'ValidationException' })
    expect(await stored(key)).toEqual({ s: 'text', n: 1 })
  })
})
