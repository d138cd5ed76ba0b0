import type { Alert, Cause } from './alert.ts'
import type { ChannelBase } from './channel.ts'
import { titleOf } from '../watching/check.ts'
import type { RunCause } from '../watching/down-cause.ts'
import type { NumberedFlip } from './telling.ts'
import { oneLine, shortened } from '../wire/plain-text.ts'
import { durationInWords, instantInWords } from '../wire/words.ts'

/** Flips wait a minute for others in a storm; those of a check that flaps wait an hour. */
export type DigestInterval = 'minute' | 'hour'

/** A flip that waits for the digest of a channel, with what a line of it says. */
export type DigestEntry = NumberedFlip & {
  readonly cause: Cause['kind']
  readonly name: string
  readonly timeZone: string
  readonly gatheredAt: number
  /** Absent where an older version wrote the entry, which means the minute. */
  readonly every?: DigestInterval
}

/**
 * A request for a channel's digest, now or at `dueAt`. All that waits by then goes into it. `every`
 * is absent where an older version asked for the minute's digest.
 */
export type DigestRequest = {
  readonly digest: true
  readonly channel: ChannelBase
  readonly projectId: string
  readonly projectName: string
  readonly every?: DigestInterval
  readonly dueAt?: number
}

/** What a digest says, in words, in no markup yet. */
export type DigestMessage = {
  readonly subject: string
  readonly status: 'DOWN' | 'UP'
  /** Why many are told at once, in a few words. */
  readonly overline: string
  readonly title: string
  readonly summary: string
  /** Why these alerts have waited, in a sentence; empty in the digest of a minute. */
  readonly reason: string
  /** How late the digest is, where it is late enough that things may have changed. */
  readonly caution: string
  readonly sections: readonly DigestSection[]
}

/** `more` is how many checks are not listed. */
export type DigestSection = {
  readonly status: 'DOWN' | 'UP'
  readonly heading: string
  readonly lines: readonly DigestLine[]
  readonly more: number
}

export type DigestLine = { readonly title: string; readonly note: string }

const HOUR_MS = 3_600_000

/**
 * How long a flip waits for others. A digest is promised within the minute or the hour; queue and
 * mail have the rest of that time.
 */
export const digestWaitMs: Readonly<Record<DigestInterval, number>> = {
  minute: 50_000,
  hour: HOUR_MS - 30_000,
}

/**
 * The most flips of one digest. The next digest follows at once and takes the rest. All flips that
 * wait for a channel share a partition of a thousand write units a second, and a transaction takes
 * two units to end one flip's wait.
 */
export const digestLimit = 1000

/**
 * The most checks listed of each kind: mail programs cut off mails of more than 100 KB, and nobody
 * reads further.
 */
const LISTED = 75
const TITLE_LENGTH = 80
/** The most flapping checks that the reason names. The list has all of them. */
const NAMED = 3
/** A digest that is late by more than this was held up, and says so. */
const LATE_MS = 5 * 60_000

export function digestEntryOf(
  { flip, cause, telling, check }: Alert,
  gatheredAt: number,
  every: DigestInterval,
): DigestEntry {
  const { name, timeZone } = check
  const told = telling === undefined ? {} : { telling }
  return { flip, cause: cause.kind, ...told, name, timeZone, gatheredAt, every }
}

/**
 * The digest in words, told at `now`. A check that changed more than once appears with its last
 * change, which tells how things are.
 */
export function digestMessageOf(
  entries: readonly DigestEntry[],
  projectName: string,
  now: number,
): DigestMessage {
  const latest = [...latestByCheck(entries).values()].sort(inOrder)
  const down = latest.filter(({ flip }) => flip.status === 'down')
  const back = latest.filter(({ flip }) => flip.status !== 'down')
  const summary = summaryOf(down.length, back.length)
  const reason = reasonOf(entries)
  const sections = [sectionOf('DOWN', down, now), sectionOf('UP', back, now)]
  return {
    subject: `${summary}: ${oneLine(projectName)}`,
    status: down.length > 0 ? 'DOWN' : 'UP',
    overline: reason === '' ? 'MANY AT ONCE' : 'ONCE AN HOUR',
    title: oneLine(projectName),
    summary,
    reason,
    caution: cautionOf(entries, now),
    sections: sections.filter(({ lines }) => lines.length > 0),
  }
}

function latestByCheck(entries: readonly DigestEntry[]): ReadonlyMap<string, DigestEntry> {
  const latest = new Map<string, DigestEntry>()
  for (const entry of entries) {
    const known = latest.get(entry.flip.checkId)
    if (known === undefined || isLater(entry, known)) latest.set(entry.flip.checkId, entry)
  }
  return latest
}

function isLater(one: DigestEntry, other: DigestEntry): boolean {
  if (one.flip.at !== other.flip.at) return one.flip.at > other.flip.at
  if (one.flip.count !== other.flip.count) return one.flip.count > other.flip.count
  return (one.telling ?? 0) > (other.telling ?? 0)
}

function inOrder(one: DigestEntry, other: DigestEntry): number {
  return one.flip.at - other.flip.at || one.name.localeCompare(other.name)
}

function summaryOf(down: number, back: number): string {
  const checks = (count: number) => (count === 1 ? '1 check is' : `${count} checks are`)
  if (back === 0) return `${checks(down)} down`
  if (down === 0) return `${checks(back)} back`
  return `${checks(down)} down, ${back} ${back === 1 ? 'is' : 'are'} back`
}

/** Which checks flap, how often each has changed, and what follows. */
function reasonOf(entries: readonly DigestEntry[]): string {
  const flapping = Map.groupBy(
    entries.filter(({ every }) => every === 'hour'),
    ({ flip }) => flip.checkId,
  )
  const names = [...flapping.values()].map(nameOfFlapping)
  if (names.length === 0) return ''
  if (names.length === 1)
    return `${names[0]} keeps going down and up: its alerts come once an hour until it settles.`
  const listed =
    names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names
  return `${listed.slice(0, -1).join(', ')} and ${listed.at(-1)} keep going down and up: their alerts come once an hour until they settle.`
}

/** That a check is still down is no change of it. */
function nameOfFlapping(entries: readonly DigestEntry[]): string {
  const [first] = entries
  const name = `"${first === undefined ? '' : titleIn(first)}"`
  const changes = entries.filter(({ telling = 0 }) => telling === 0).length
  if (changes === 0) return name
  return `${name} (${changes} ${changes === 1 ? 'change' : 'changes'})`
}

function cautionOf(entries: readonly DigestEntry[], now: number): string {
  const since = entries.reduce(
    (first, { gatheredAt, every }) =>
      Math.min(first, gatheredAt + (every === 'hour' ? HOUR_MS : 0)),
    Infinity,
  )
  if (now - since < LATE_MS) return ''
  return `This could not be sent for ${durationInWords(now - since)}. What it tells may have changed since.`
}

function sectionOf(
  status: 'DOWN' | 'UP',
  entries: readonly DigestEntry[],
  now: number,
): DigestSection {
  const lines = entries.slice(0, LISTED).map((entry) => lineOf(entry, now))
  return {
    status,
    heading: status === 'DOWN' ? 'Down' : 'Up again',
    lines,
    more: entries.length - lines.length,
  }
}

function lineOf(entry: DigestEntry, now: number): DigestLine {
  const { flip, timeZone } = entry
  const instant = `${instantInWords(flip.at, timeZone)}, ${durationInWords(now - flip.at)} ago`
  return { title: titleIn(entry), note: `${noteOf(entry)}, ${instant}` }
}

function titleIn({ flip, name }: DigestEntry): string {
  return shortened(oneLine(titleOf({ id: flip.checkId, name: oneLine(name) })), TITLE_LENGTH)
}

function noteOf({ flip: { at, downSinceAt }, cause, telling }: DigestEntry): string {
  if (cause !== 'recovered')
    return telling === undefined ? what[cause] : `still down: ${what[cause]}`
  return downSinceAt === undefined
    ? 'up again'
    : `up again after ${durationInWords(at - downSinceAt)}`
}

const what: Readonly<Record<RunCause['kind'], string>> = {
  missed: 'missed its deadline',
  unfinished: 'did not finish in time',
  failed: 'reported a failure',
  'too-short': 'was too short',
  'too-often': 'ran too often',
}
