import iconv from 'iconv-lite'
import { encodingOfMark } from '../domain/wire/body-text.ts'

/**
 * Decodes text by the name of its character set; undefined when the name is unknown. A byte order
 * mark counts more than the name.
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
