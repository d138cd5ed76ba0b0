import type { DigestMessage, DigestSection } from '../domain/telling/digest.ts'
import type { Message } from '../domain/telling/message.ts'

/** More checks than that are a list that nobody reads in a chat. */
const LISTED = 15

/** A digest as a message, for what shows messages: its checks stand where a description would. */
export function messageOfDigest(digest: DigestMessage): Message {
  const { subject, status, title, summary, reason, caution, sections } = digest
  return {
    subject,
    status,
    title,
    summary: `${summary}.`,
    note: [reason, caution].filter((text) => text !== '').join(' '),
    facts: [],
    description: sections.map(listOf).join('\n\n'),
    timeZone: '',
    pings: [],
  }
}

function listOf({ heading, lines, more }: DigestSection): string {
  const listed = lines.slice(0, LISTED).map(({ title, note }) => `${title}: ${note}`)
  const left = lines.length - listed.length + more
  return [heading, ...listed, ...(left > 0 ? [`and ${left} more`] : [])].join('\n')
}
