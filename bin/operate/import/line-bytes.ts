import { isUtf8 } from 'node:buffer'

/**
 * A file as a string with one character for each byte. A crontab doesn't say its charset, and
 * decoding it as UTF-8 could change its bytes.
 */
export function charactersOf(bytes: Buffer): string {
  return bytes.toString('latin1')
}

export function bytesOf(characters: string): Buffer {
  return Buffer.from(characters, 'latin1')
}

/** The text of such characters: UTF-8 where the bytes are valid UTF-8, else Latin-1. */
export function readable(characters: string): string {
  const bytes = bytesOf(characters)
  return isUtf8(bytes) ? bytes.toString() : characters
}
