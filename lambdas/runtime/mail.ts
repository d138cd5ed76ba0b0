import PostalMime from 'postal-mime'
import type { MailContent } from '../domain/watching/mail-rules.ts'
import { decoded } from './charsets.ts'
import { decodedWords } from './encoded-words.ts'

/**
 * How far words are looked for in a mail. The parser takes some 2 KB and 20 µs a line, and a mail
 * of 40 MB may be all lines.
 */
const MOST_BYTES = 10_000_000
const MOST_LINES = 100_000

/**
 * What a raw message (RFC 5322, MIME) says. Odd bytes and broken parts are read as far as they can
 * be; undefined when the parser refuses the message, as one with hundreds of nested parts. A
 * forwarded message inside it says nothing of its own.
 */
export async function contentOf(raw: Uint8Array): Promise<MailContent | undefined> {
  try {
    const {
      headers,
      text = '',
      html = '',
    } = await new Reader({ forceRfc822Attachments: true }).parse(beginningOf(raw))
    const subject = headers.find(({ key }) => key === 'subject')?.value ?? ''
    return { subject: decodedWords(subject), plain: text, html }
  } catch {
    // The parser has no error class of its own; whatever it throws is the message's fault.
    return undefined
  }
}

/** A part of a message, as the parser has it. */
type Part = {
  content: ArrayBuffer | Uint8Array | null
  readonly contentType: {
    readonly parsed: { readonly value: string; readonly params: Record<string, string> }
  }
}

type Collecting = {
  collectNode(part: Part, alternative: unknown, isRelated: unknown): Promise<void>
}

/**
 * The parser takes no decoder of ours, so texts are turned into UTF-8 before it decodes them. Its
 * types leave this method out.
 */
const parser = PostalMime.prototype as unknown as Collecting

class Reader extends PostalMime implements Collecting {
  collectNode(part: Part, alternative: unknown, isRelated: unknown): Promise<void> {
    toUtf8(part)
    return parser.collectNode.call(this, part, alternative, isRelated)
  }
}

function toUtf8(part: Part): void {
  const { value, params } = part.contentType.parsed
  if (part.content === null || !/^text\//i.test(value)) return
  const text = decoded(new Uint8Array(part.content), params['charset'] ?? 'utf-8')
  if (text === undefined) return
  part.content = new TextEncoder().encode(text)
  params['charset'] = 'utf-8'
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
