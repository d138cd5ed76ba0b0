import PostalMime from 'postal-mime'
import type { MailContent } from '../domain/mail-rules.ts'

/** As far as words are looked for in a mail. The parser needs some 2 KB and 20 µs a line, and a mail of 40 MB may be nothing but lines. */
const MOST_BYTES = 10_000_000
const MOST_LINES = 100_000

/**
 * What a raw message (RFC 5322, MIME) says. Odd bytes and broken parts are read as far as they can be; undefined when the parser refuses
 * the message, as one with hundreds of nested parts. A forwarded message inside it says nothing of its own.
 */
export async function contentOf(raw: Uint8Array): Promise<MailContent | undefined> {
  try {
    const { subject = '', text = '', html = '' } = await PostalMime.parse(beginningOf(raw), { forceRfc822Attachments: true })
    return { subject, plain: text, html }
  } catch {
    // The parser has no error class of its own, and whatever keeps it from reading a message is the message's fault.
    return undefined
  }
}

function beginningOf(raw: Uint8Array): Uint8Array {
  let end = 0
  for (let lines = 0; lines < MOST_LINES; lines += 1) {
    const newline = raw.indexOf(0x0a, end)
    if (newline < 0) return raw.subarray(0, MOST_BYTES)
    end = newline + 1
  }
  return raw.subarray(0, Math.min(end, MOST_BYTES))
}
