import iconv from 'iconv-lite'
import { encodingOfMark } from '../domain/wire/body-text.ts'

/**
 * Text in a character set that a mail names; undefined when nobody knows that. Its first bytes know
 * better, where they are a byte order mark.
 */
export function decoded(bytes: Uint8Array, charset: string): string | undefined {
  const marked = encodingOfMark(bytes)
  if (marked !== undefined) return new TextDecoder(marked).decode(bytes)
  if (isKnownToPlatform(charset)) return new TextDecoder(charset).decode(bytes)
  return iconv.encodingExists(charset) ? iconv.decode(bytes, charset) : undefined
}

function isKnownToPlatform(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== ''
  } catch {
    return false
  }
}
