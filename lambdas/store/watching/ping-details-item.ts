import type { PingDetails, PingType } from '../../domain/watching/ping.ts'
import type { Fields, Item, Value } from '../../runtime/database.ts'
import { maybeNumber, maybeText, number, oneOf, text } from '../items/attributes.ts'

/** Under which names the details of a ping lie in an item. */
export type DetailNames = Readonly<Record<keyof PingDetails, string>>

/** In a heartbeat they are short, for its size. */
export const shortNames: DetailNames = {
  type: 'k',
  at: 'i',
  scheme: 'l',
  method: 'm',
  address: 'a',
  userAgent: 'u',
  runId: 'r',
  exitStatus: 'x',
  tookMs: 't',
  bodyBytes: 'b',
  receivedBytes: 'B',
}

const detailNames = Object.keys(shortNames) as readonly (keyof PingDetails)[]
const pingTypes: readonly PingType[] = ['success', 'start', 'fail', 'log', 'ign']

/** Details of a ping as they lie in a heartbeat: a map of short names. */
export function detailsItem(details: PingDetails): Fields {
  const fields: Record<string, Value | undefined> = {}
  for (const name of detailNames) fields[shortNames[name]] = details[name]
  return fields
}

/** @throws when a detail is missing or malformed. */
export function detailsOf(fields: Item, names: DetailNames): PingDetails {
  const runId = maybeText(fields, names.runId)
  const exitStatus = maybeNumber(fields, names.exitStatus)
  const tookMs = maybeNumber(fields, names.tookMs)
  const receivedBytes = maybeNumber(fields, names.receivedBytes)
  return {
    type: oneOf(fields, names.type, pingTypes),
    at: number(fields, names.at),
    scheme: text(fields, names.scheme),
    method: text(fields, names.method),
    address: text(fields, names.address),
    userAgent: text(fields, names.userAgent),
    ...(runId === undefined ? {} : { runId }),
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(tookMs === undefined ? {} : { tookMs }),
    bodyBytes: number(fields, names.bodyBytes),
    ...(receivedBytes === undefined ? {} : { receivedBytes }),
  }
}
