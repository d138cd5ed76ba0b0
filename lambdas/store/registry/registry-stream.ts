import type { DynamoDBRecord } from 'aws-lambda'
import type { Check } from '../../domain/watching/check.ts'
import { unmarshalled } from '../../aws/attribute-value.ts'
import type { Item } from '../../runtime/database.ts'
import { pingKeyPrefix, projectEntry, projectPrefix, windowsEntry } from '../keys.ts'
import { checkOf, itemName, registryItems, textIn } from './registry-item.ts'

/**
 * What a change of the registry means for pings: a check, or a deletion. A deletion counts as a
 * version.
 */
export type CheckRevision = {
  readonly id: string
  readonly version: number
  readonly check: Check | undefined
  /** Whether it is new or has other tags, so that other windows may concern it. */
  readonly isRetagged: boolean
}

/** A ping key that a project has got or lost. */
export type PingKeyChange = { readonly pingKey: string; readonly projectId: string | undefined }

/**
 * All that pings have to know of a record. `renamed` is the project whose ping key has changed,
 * `planned` the one whose windows have.
 */
export type RegistryChange = {
  readonly check?: CheckRevision | undefined
  readonly pingKey?: PingKeyChange | undefined
  readonly renamed?: string | undefined
  readonly planned?: string | undefined
}

/**
 * The change in a record of the registry's stream; empty when the record is about something else.
 * @throws when the check or project can't be read.
 */
export function changeOf({ dynamodb }: DynamoDBRecord): RegistryChange {
  const before = imageOf(dynamodb?.OldImage)
  const after = imageOf(dynamodb?.NewImage)
  return {
    check: checkChangeOf(before, after),
    pingKey: pingKeyChangeOf(before, after),
    renamed: renamedProject(before, after),
    planned: plannedProject(after ?? before ?? {}),
  }
}

/** What the item of a record is called in a log. */
export function changedItemName({ dynamodb }: DynamoDBRecord): string {
  return itemName(imageOf(dynamodb?.NewImage ?? dynamodb?.OldImage ?? dynamodb?.Keys) ?? {})
}

function checkChangeOf(
  oldItem: Item | undefined,
  newItem: Item | undefined,
): CheckRevision | undefined {
  const after = newItem && checkOf(newItem)
  if (after !== undefined) {
    const isRetagged = oldItem?.['tags'] !== after.tags
    return { id: after.id, version: after.version, check: after, isRetagged }
  }
  const before = oldItem && checkOf(oldItem)
  if (before === undefined) return undefined
  return { id: before.id, version: before.version + 1, check: undefined, isRetagged: false }
}

function pingKeyChangeOf(
  before: Item | undefined,
  after: Item | undefined,
): PingKeyChange | undefined {
  const partition = textIn(after ?? before ?? {}, 'pk')
  if (partition?.startsWith(pingKeyPrefix) !== true) return undefined
  return {
    pingKey: partition.slice(pingKeyPrefix.length),
    projectId: after && registryItems.reference(after).projectId,
  }
}

function renamedProject(before: Item | undefined, after: Item | undefined): string | undefined {
  if (before?.['sk'] !== projectEntry || after === undefined) return undefined
  return before['pingKey'] === after['pingKey'] ? undefined : registryItems.project(after).id
}

function plannedProject(item: Item): string | undefined {
  return item['sk'] === windowsEntry ? textIn(item, 'pk')?.slice(projectPrefix.length) : undefined
}

function imageOf(image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Item | undefined {
  return image && unmarshalled(image)
}
