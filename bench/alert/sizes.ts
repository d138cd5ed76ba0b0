type Size = { readonly sentBytes: number; readonly answeredBytes: number }

/** The means of a storm of 500 alerts. */
const large: Readonly<Record<string, Size>> = {
  'dynamodb.BatchGetItem': { sentBytes: 1700, answeredBytes: 8000 },
  'dynamodb.BatchWriteItem': { sentBytes: 6700, answeredBytes: 20 },
  'dynamodb.Scan': { sentBytes: 150, answeredBytes: 900_000 },
  'ses.SendEmail': { sentBytes: 5200, answeredBytes: 50 },
  'sqs.SendMessageBatch': { sentBytes: 1600, answeredBytes: 200 },
}
/** Of a read or a write of one item. */
const small: Size = { sentBytes: 500, answeredBytes: 100 }

const attribute = { S: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' }
const ATTRIBUTE_BYTES = JSON.stringify(attribute).length + 1

export function sizeOf(name: string): Size {
  return large[name] ?? small
}

/** Attributes as DynamoDB writes them, in about so many bytes of JSON. */
export function attributesOf(bytes: number): readonly object[] {
  return Array<object>(Math.ceil(bytes / ATTRIBUTE_BYTES)).fill(attribute)
}
