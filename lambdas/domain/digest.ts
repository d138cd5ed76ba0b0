import type { Alert } from './alert.ts'
import type { EmailChannel } from './channel.ts'
import { titleOf } from './check.ts'
import type { Flip } from './flip.ts'
import { oneLine, shortened } from './plain-text.ts'
import { durationInWords, instantInWords } from './words.ts'

/** A flip that waits for the digest of a channel, with what a line of it says. */
export type DigestEntry = {
  readonly flip: Flip
  readonly name: string
  readonly timeZone: string
  readonly gatheredAt: number
}

/** That the digest of a channel is due: whatever waits for it by then goes into it. */
export type DigestRequest = {
  readonly digest: true
  readonly channel: EmailChannel
  readonly projectId: string
  readonly projectName: string
}

/** What a digest says, in words, in no markup yet. */
export type DigestMessage = {
  readonly subject: string
  readonly status: 'DOWN' | 'UP'
  readonly title: string
  readonly summary: string
  /** How late the mail is, where it is late enough that things may have changed. */
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

/** How long a flip waits for others: the queue and the mail have the rest of the minute within which a digest is promised. */
export const digestWaitMs = 50_000

/**
 * What one digest takes at most; what is left waits for the next, which follows at once. What waits for a channel shares a partition, which
 * takes a thousand write units a second, and letting one wait no longer in a transaction takes two.
 */
export const digestLimit = 1000

/** So many of each kind are listed: mail programs cut off mails of more than 100 KB, and nobody reads further. */
const LISTED = 75
const TITLE_LENGTH = 80
/** A digest is due within a minute; one that is later by this was held up, and says so. */
const LATE_MS = 5 * 60_000

export function digestEntryOf({ flip, check }: Alert, gatheredAt: number): DigestEntry {
  return { flip, name: check.name, timeZone: check.timeZone, gatheredAt }
}

/** The digest in words, told at `now`. Of a check that changed more than once the last change counts: it tells how things are. */
export function digestMessageOf(entries: readonly DigestEntry[], projectName: string, now: number): DigestMessage {
  const latest = [...latestByCheck(entries).values()].sort(inOrder)
  const down = latest.filter(({ flip }) => flip.status === 'down')
  const back = latest.filter(({ flip }) => flip.status !== 'down')
  const summary = summaryOf(down.length, back.length)
  const sections = [sectionOf('DOWN', down, now), sectionOf('UP', back, now)]
  return {
    subject: `${summary}: ${oneLine(projectName)}`,
    status: down.length > 0 ? 'DOWN' : 'UP',
    title: oneLine(projectName),
    summary,
    caution: cautionOf(entries, now),
    sections: sections.filter(({ lines }) => lines.length > 0),
  }
}

function latestByCheck(entries: readonly DigestEntry[]): ReadonlyMap<string, DigestEntry> {
  const latest = new Map<string, DigestEntry>()
  for (const entry of entries) {
    const known = latest.get(entry.flip.checkId)
    if (known === undefined || isLater(entry.flip, known.flip)) latest.set(entry.flip.checkId, entry)
  }
  return latest
}

function isLater(one: Flip, other: Flip): boolean {
  return one.at === other.at ? one.count > other.count : one.at > other.at
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

function cautionOf(entries: readonly DigestEntry[], now: number): string {
  const since = entries.reduce((first, { gatheredAt }) => Math.min(first, gatheredAt), Infinity)
  if (now - since < LATE_MS) return ''
  return `This mail could not be sent for ${durationInWords(now - since)}. What it tells may have changed since.`
}

function sectionOf(status: 'DOWN' | 'UP', entries: readonly DigestEntry[], now: number): DigestSection {
  const lines = entries.slice(0, LISTED).map((entry) => lineOf(entry, now))
  return { status, heading: status === 'DOWN' ? 'Down' : 'Up again', lines, more: entries.length - lines.length }
}

function lineOf({ flip, name, timeZone }: DigestEntry, now: number): DigestLine {
  const title = shortened(oneLine(titleOf({ id: flip.checkId, name: oneLine(name) })), TITLE_LENGTH)
  const instant = `${instantInWords(flip.at, timeZone)}, ${durationInWords(now - flip.at)} ago`
  return { title, note: `${noteOf(flip)}, ${instant}` }
}

function noteOf({ status, reason, at, downSinceAt }: Flip): string {
  if (status === 'down') return reason === 'fail' ? 'reported a failure' : 'missed its deadline'
  return downSinceAt === undefined ? 'up again' : `up again after ${durationInWords(at - downSinceAt)}`
}
