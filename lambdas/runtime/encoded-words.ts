import { decoded } from './charsets.ts'

const WORD = /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=/gi

/**
 * The text of a header with encoded words (RFC 2047). Neighbours in one character set are joined as
 * bytes before they are decoded: programs cut letters in two where a line ends, though they must
 * not.
 */
export function decodedWords(header: string): string {
  const parts: (string | Word)[] = []
  let at = 0
  for (const match of header.matchAll(WORD)) {
    const between = header.slice(at, match.index)
    const word = wordOf(match)
    const before = parts.at(-1)
    at = match.index + match[0].length
    if (typeof before === 'object' && between.trim() === '') {
      if (before.charset === word.charset) before.bytes.push(...word.bytes)
      else parts.push(word)
    } else parts.push(between, word)
  }
  return [...parts, header.slice(at)].map(textOf).join('')
}

type Word = { readonly charset: string; readonly bytes: Buffer[] }

function wordOf([, charset = '', encoding = '', text = '']: RegExpExecArray): Word {
  const bytes = /b/i.test(encoding) ? Buffer.from(text, 'base64') : fromQ(text)
  return { charset: charset.toLowerCase(), bytes: [bytes] }
}

/** A byte that is no code stands for itself. */
function fromQ(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('_', ' ')).toString('latin1')
  const decodedBytes = bytes.replace(/=([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(decodedBytes, 'latin1')
}

function textOf(part: string | Word): string {
  if (typeof part === 'string') return part
  const bytes = Buffer.concat(part.bytes)
  return decoded(bytes, part.charset) ?? new TextDecoder('windows-1252').decode(bytes)
}
