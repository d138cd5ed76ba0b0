import * as z from 'zod'
import type { ChannelName } from '../../domain/telling/channel.ts'
import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Access, Project } from '../../domain/people/project.ts'
import type { Rules } from '../../domain/watching/rules.ts'
import { isManagedBy, type ManagedBy } from '../../domain/watching/managed-by.ts'
import type { Provisions } from '../../domain/watching/provisioning.ts'
import type { Fields, Item } from '../../runtime/database.ts'
import { channelShape } from './channel-item.ts'
import { channelPrefix, checkPrefix, type RegistryKey, registryKeys } from '../keys.ts'

/**
 * How many checks a project has. The revision grows with each check that an upsert creates, so that
 * two upserts don't create the same one, and with each update after which a check depends on other
 * ones, so that two updates don't close a circle. `closed` marks a project that is being deleted.
 */
export type Census = {
  readonly checks: number
  readonly revision: number
  readonly closed?: true
  readonly provisions?: Provisions
}

/** Where the items of a check lie, and the version that they have. */
export type CheckRecord = Pick<Check, 'id' | 'version' | 'badgeKey'>

export const projectShape = z.object({
  id: z.string(),
  name: z.string(),
  pingKey: z.string(),
  badgeKey: z.string(),
  checkLimit: z.number(),
  createdAt: z.number(),
}) satisfies z.ZodType<Project>

const rulesShape = z.object({
  maxRuntimeSeconds: z.number().exactOptional(),
  minRuntimeSeconds: z.number().exactOptional(),
  earlySeconds: z.number().exactOptional(),
  mostPings: z.object({ count: z.number(), seconds: z.number() }).exactOptional(),
  failures: z.object({ count: z.number(), of: z.number() }).exactOptional(),
  successes: z.number().exactOptional(),
  repeatSeconds: z.number().exactOptional(),
  escalate: z
    .array(z.object({ afterSeconds: z.number(), channelIds: z.array(z.string()).readonly() }))
    .readonly()
    .exactOptional(),
  dependsOn: z.array(z.string()).readonly().exactOptional(),
}) satisfies z.ZodType<Rules>

export const checkShape = z.object({
  id: z.string(),
  projectId: z.string(),
  version: z.number(),
  createdAt: z.number(),
  name: z.string(),
  slug: z.string(),
  tags: z.string(),
  description: z.string(),
  schedule: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('simple'), periodSeconds: z.number() }),
    z.object({ kind: z.literal('cron'), expression: z.string() }),
    z.object({ kind: z.literal('oncalendar'), expression: z.string() }),
  ]),
  timeZone: z.string(),
  graceSeconds: z.number(),
  methods: z.enum(['', 'POST']),
  manualResume: z.boolean(),
  filters: z.object({
    startKeywords: z.string(),
    successKeywords: z.string(),
    failureKeywords: z.string(),
    subject: z.boolean(),
    body: z.boolean(),
    httpBody: z.boolean(),
    defaultFail: z.boolean(),
  }),
  channelIds: z.array(z.string()),
  badgeKey: z.string(),
  rules: rulesShape.exactOptional(),
  managedBy: z.custom<ManagedBy>(isManagedBy).exactOptional(),
  logFrom: z.number().exactOptional(),
}) satisfies z.ZodType<Check>

/**
 * Readers of the registry's items, in the domain's words. They check what they read, and leave out
 * what is not named here.
 */
export const registryItems = {
  project: reader(projectShape),
  channel: reader(channelShape),
  check: reader(checkShape),
  checkRecord: reader(
    checkShape.pick({ id: true, version: true, badgeKey: true }) satisfies z.ZodType<CheckRecord>,
  ),
  census: reader(
    z.object({
      checks: z.number(),
      revision: z.number(),
      closed: z.literal(true).exactOptional(),
      provisions: z.object({ minute: z.number(), count: z.number() }).exactOptional(),
    }) satisfies z.ZodType<Census>,
  ),
  /** Where any item lies. */
  place: reader(z.object({ pk: z.string(), sk: z.string() }) satisfies z.ZodType<RegistryKey>),
  /** What stands under another name of a project's: its id. */
  reference: reader(z.object({ pk: z.string(), projectId: z.string() })),
  badge: reader(z.object({ projectId: z.string(), checkId: z.string() })),
  /** A ping key; that of a project's first days has its age. */
  pingKey: reader(z.object({ projectId: z.string(), createdAt: z.number().optional() })),
  apiKey: reader(
    z.object({
      projectId: z.string(),
      access: z.enum(['read-write', 'read-only']) satisfies z.ZodType<Access>,
      name: z.string(),
    }),
  ),
}

/**
 * An item's name in a log: its id, or its sort key. The partition is left out, as it may be the
 * hash of a key.
 */
export function itemName(item: Item): string {
  return textIn(item, 'id') ?? textIn(item, 'sk') ?? ''
}

/**
 * The name of a channel, with its id from the key: other fields may be why the channel can't be
 * read.
 */
export function channelNameOf(item: Item): ChannelName {
  return {
    id: textIn(item, 'sk')?.slice(channelPrefix.length) ?? '',
    name: textIn(item, 'name') ?? '',
  }
}

export function itemOf(key: RegistryKey, fields: Fields = {}): Fields {
  return { ...fields, ...key }
}

export function checkItem(check: Check): Fields {
  return itemOf(registryKeys.check(check.projectId, uniqueKeyOf(check.id)), check)
}

/**
 * The check in an item of the registry, as a stream or a scan brings it; undefined when the item is
 * something else.
 */
export function checkOf(item: Item): Check | undefined {
  return isCheck(item) ? registryItems.check(item) : undefined
}

export function isCheck(item: Item): boolean {
  return textIn(item, 'sk')?.startsWith(checkPrefix) === true
}

/** The attribute's text; undefined when it is missing or no text. */
export function textIn(item: Item, name: string): string | undefined {
  const value = item[name]
  return typeof value === 'string' ? value : undefined
}

function reader<T>(schema: z.ZodType<T>): (item: Item) => T {
  return (item) => schema.parse(item)
}
