import type {
  Conditional,
  Key,
  Put,
  Query,
  Read,
  Scan,
  Update,
  Write,
} from '../runtime/database.ts'
import type { ItemForm } from './database-call.ts'

/**
 * Translates what a store asks for into the words of DynamoDB's API. Undefined parts are left out.
 */
export function makeInputs(form: ItemForm) {
  const expressed = ({ names, values }: Pick<Conditional, 'names' | 'values'>) => ({
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values && form.write(values),
  })
  const conditional = (of: Conditional & { readonly table: string }) => ({
    TableName: of.table,
    ConditionExpression: of.condition,
    ...expressed(of),
    ReturnValuesOnConditionCheckFailure: of.showsFound === true ? 'ALL_OLD' : undefined,
  })
  const at = (of: Conditional & { readonly table: string; readonly key: Key }) => ({
    ...conditional(of),
    Key: form.write(of.key),
  })
  const put = (of: Put) => ({ ...conditional(of), Item: form.write(of.item) })
  const update = (of: Update) => ({ ...at(of), UpdateExpression: of.update })
  const part = (of: Write) => {
    if ('put' in of) return { Put: put(of.put) }
    if ('update' in of) return { Update: update(of.update) }
    return 'delete' in of ? { Delete: at(of.delete) } : { ConditionCheck: at(of.check) }
  }
  const some = (of: Query | Scan) => ({
    TableName: of.table,
    FilterExpression: of.filter,
    ...expressed(of),
    ConsistentRead: of.isCurrent,
  })
  const read = (of: Read) => ({
    TableName: of.table,
    Key: form.write(of.key),
    ConsistentRead: of.isCurrent,
  })
  const query = (of: Query) => ({
    ...some(of),
    KeyConditionExpression: of.where,
    ScanIndexForward: of.isBackwards === true ? false : undefined,
  })
  const scan = (of: Scan) => ({
    ...some(of),
    ProjectionExpression: of.fields,
    Segment: of.segment?.index,
    TotalSegments: of.segment?.count,
  })
  return { at, put, update, part, read, query, scan }
}
