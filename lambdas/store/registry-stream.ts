import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import type { Definition } from '../domain/heartbeat.ts'
import { definitionOf } from '../domain/check.ts'
import { checkOf } from './registry-item.ts'

/** What a change of the registry means to a heartbeat: a definition, or none any more. A deletion counts as a version. */
export type CheckChange = { readonly id: string; readonly version: number; readonly definition: Definition | undefined }

/**
 * The change of a check in a record of the registry's stream; undefined when the record is about something else.
 * @throws when the check can't be read.
 */
export function checkChangeOf(record: DynamoDBRecord): CheckChange | undefined {
  const { NewImage, OldImage } = record.dynamodb ?? {}
  const after = NewImage && checkOf(NewImage as Record<string, AttributeValue>)
  if (after !== undefined) return { id: after.id, version: after.version, definition: definitionOf(after) }
  const before = OldImage && checkOf(OldImage as Record<string, AttributeValue>)
  return before && { id: before.id, version: before.version + 1, definition: undefined }
}
