import type { BodyRules } from '../../domain/watching/body-rules.ts'
import type { Lookup } from '../../domain/watching/lookup.ts'
import type { MailRules } from '../../domain/watching/mail-rules.ts'
import type { Fields, Item, Key } from '../../runtime/database.ts'

/**
 * The name of a member in an alias, which has no other attributes beside the key. A check's UUID
 * takes 22 characters, so that some 15,000 checks may share a slug before the item is full.
 */
export function memberName(checkId: string): string {
  return Buffer.from(checkId.replaceAll('-', ''), 'hex').toString('base64url')
}

/** The checks that an alias stands for. */
export function membersOf({ key: _, ...members }: Item): readonly string[] {
  return Object.keys(members).map((name) =>
    Buffer.from(name, 'base64url')
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  )
}

/**
 * A check's lookup as it lies in an item. `expiresAt`, in epoch seconds, is for a deleted check.
 */
export function lookupItem(lookup: Lookup, key: Key, expiresAt?: number): Fields {
  return { ...lookup, ...key, expiresAt }
}

/** @throws when the item is no lookup. */
export function lookupOfItem(item: Item): Lookup {
  const { version, alias, bodyRules, mailRules } = item
  if (typeof version !== 'number')
    throw new Error(`the version of a lookup must be a number, got ${typeof version}`)
  return {
    version,
    ...(alias === undefined
      ? {}
      : { alias: { pingKey: text(alias, 'pingKey'), slug: text(alias, 'slug') } }),
    ...(bodyRules === undefined ? {} : { bodyRules: rulesOf(bodyRules) }),
    ...(mailRules === undefined ? {} : { mailRules: mailRulesOf(mailRules) }),
  }
}

function rulesOf(value: unknown): BodyRules {
  return {
    startKeywords: text(value, 'startKeywords'),
    successKeywords: text(value, 'successKeywords'),
    failureKeywords: text(value, 'failureKeywords'),
    defaultFail: isSet(value, 'defaultFail'),
  }
}

function mailRulesOf(value: unknown): MailRules {
  return { ...rulesOf(value), subject: isSet(value, 'subject'), body: isSet(value, 'body') }
}

function isSet(value: unknown, name: string): boolean {
  return (value as Readonly<Record<string, unknown>>)[name] === true
}

function text(value: unknown, name: string): string {
  const field = (value as Readonly<Record<string, unknown>>)[name]
  if (typeof field !== 'string')
    throw new Error(`${name} of a lookup must be a string, got ${typeof field}`)
  return field
}
