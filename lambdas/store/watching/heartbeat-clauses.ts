import * as attribute from './heartbeat-attributes.ts'

/*
 * What a write may ask of a heartbeat, in DynamoDB's words. A value that is compared with an
 * attribute has the attribute's name, with a colon before it.
 */

export const isMissing = `attribute_not_exists(${attribute.version})`
export const hasOlderVersion = `${attribute.version} < :${attribute.version}`
export const hasVersion = `${attribute.version} = :${attribute.version}`
export const hasOlderWindows = `(attribute_not_exists(${attribute.windowsVersion}) OR ${attribute.windowsVersion} < :${attribute.windowsVersion})`
export const isBuried = `attribute_exists(${attribute.tombstone})`
export const isNotBuried = `attribute_not_exists(${attribute.tombstone})`
export const isKnown = `attribute_exists(${attribute.version}) AND ${isNotBuried}`

export const isNotRepeated = `(attribute_not_exists(${attribute.requestId}) OR ${attribute.requestId} <> :${attribute.requestId})`
export const mayResume = `(attribute_not_exists(${attribute.manualResume}) OR ${attribute.status} <> :paused)`
export const methodIsAllowed = `(attribute_not_exists(${attribute.methods}) OR contains(${attribute.methods}, :method))`
export const hasNoBodyRules = `attribute_not_exists(${attribute.bodyRules})`

/** A run under way that has a limit of its own keeps it when a start comes. */
export const startMovesNoLimit = `(attribute_not_exists(${attribute.maxRuntime}) OR attribute_not_exists(${attribute.startedAt}))`
export const endsAreNotCounted = `attribute_not_exists(${attribute.runRules})`

export const pingIsNotOlder = `${isNotAfterNow(attribute.lastPingAt)} AND ${isNotAfterNow(attribute.startedAt)}`
export const pingIsOlder = `(${attribute.lastPingAt} > :now OR ${attribute.startedAt} > :now)`
export const runsWithoutId = `attribute_not_exists(${attribute.runId})`
export const endsItsOwnRun = `(attribute_not_exists(${attribute.startedAt}) OR ${attribute.runId} = :rid)`

function isNotAfterNow(name: string): string {
  return `(attribute_not_exists(${name}) OR ${name} <= :now)`
}
