import type { FailedRun } from '../../domain/watching/down-cause.ts'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import { statuses } from '../../domain/watching/heartbeat.ts'
import type { KeptBody, KeptBytes, MailWords } from '../../domain/watching/kept-body.ts'
import type { LoggedPing } from '../../domain/watching/ping.ts'
import type { Fields, Item } from '../../runtime/database.ts'
import { bytes, maybeNumber, maybeText, number, oneOf, text } from '../items/attributes.ts'
import { bodyEntry, missEntry, pingEntry } from '../keys.ts'
import { packed, unpacked } from '../items/packed-body.ts'
import { type DetailNames, detailsOf } from './ping-details-item.ts'

/** One entry of the log of a check: a ping, a flip, or a miss that was tolerated. */
export type LogEntry =
  | { readonly checkId: string; readonly ping: LoggedPing }
  | { readonly checkId: string; readonly flip: Flip }
  | { readonly checkId: string; readonly miss: FailedRun }

/** The log has room for long names. */
const names: DetailNames = {
  type: 'type',
  at: 'at',
  scheme: 'scheme',
  method: 'method',
  address: 'address',
  userAgent: 'userAgent',
  runId: 'runId',
  exitStatus: 'exitStatus',
  tookMs: 'tookMs',
  bodyBytes: 'bodyBytes',
  receivedBytes: 'receivedBytes',
}

export function entryOf(entry: LogEntry): string {
  if ('ping' in entry) return pingEntry(entry.ping.number)
  return 'flip' in entry ? `flip#${flipKey(entry.flip)}` : missEntry(entry.miss.at)
}

export function logItem(entry: LogEntry, expiresAt: number): Fields {
  return { check: entry.checkId, entry: entryOf(entry), ...fieldsOf(entry), expiresAt }
}

function fieldsOf(entry: LogEntry): Fields {
  if ('ping' in entry) return entry.ping
  return 'flip' in entry ? { ...entry.flip, checkId: undefined } : entry.miss
}

/** @throws when an attribute is missing or malformed, as all that read here. */
export function loggedPingOf(item: Item): LoggedPing {
  return { ...detailsOf(item, names), number: number(item, 'number') }
}

export function loggedFlipOf(item: Item): Flip {
  const downSinceAt = maybeNumber(item, 'downSinceAt')
  return {
    checkId: text(item, 'check'),
    at: number(item, 'at'),
    count: number(item, 'count'),
    status: oneOf(item, 'status', statuses),
    from: oneOf(item, 'from', statuses),
    reason: oneOf(item, 'reason', ['', 'timeout', 'fail']),
    ...(downSinceAt === undefined ? {} : { downSinceAt }),
  }
}

export function loggedMissOf(item: Item): FailedRun {
  return { at: number(item, 'at'), kind: oneOf(item, 'kind', ['missed', 'unfinished']) }
}

/** The ping that a body came with. */
export type KeptPing = { readonly checkId: string; readonly number: number; readonly at: number }

export function bodyItem(
  { checkId, number: pingNumber, at }: KeptPing,
  { bytes: body, receivedBytes, words }: KeptBody,
  expiresAt: number,
): Fields {
  return {
    check: checkId,
    entry: bodyEntry(pingNumber),
    at,
    body: packed(body),
    receivedBytes,
    ...wordsItem(words),
    expiresAt,
  }
}

/** Whether its ping came with a log or later. An older version did not note when it came. */
export function isOwnBody(item: Item, logFrom: number): boolean {
  return (maybeNumber(item, 'at') ?? Infinity) >= logFrom
}

export function keptBodyOf(item: Item): KeptBody {
  const words = wordsOf(item)
  return { ...bytesOf(item, 'body', 'receivedBytes'), ...(words === undefined ? {} : { words }) }
}

/** An older version did not note how many there were. */
function bytesOf(item: Item, name: string, lengthName: string): KeptBytes {
  const kept = unpacked(bytes(item, name))
  return { bytes: kept, receivedBytes: maybeNumber(item, lengthName) ?? kept.length }
}

function wordsItem(words: MailWords | undefined): Fields {
  return words === undefined
    ? {}
    : {
        subject: words.subject,
        text: packed(words.text.bytes),
        textBytes: words.text.receivedBytes,
      }
}

function wordsOf(item: Item): MailWords | undefined {
  const subject = maybeText(item, 'subject')
  return subject === undefined ? undefined : { subject, text: bytesOf(item, 'text', 'textBytes') }
}
