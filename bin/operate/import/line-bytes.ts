import { isUtf8 } from 'node:buffer'

/**
 * A file as a string of one character for each byte. A crontab says nothing of its charset, and
 * what is no UTF-8 would not come out as it went in.
 */
export function charactersOf(bytes: Buffer): string {
  return bytes.toString('latin1')
}

export function bytesOf(characters: string): Buffer {
  return Buffer.from(characters, 'latin1')
}

/** The text of such characters: as UTF-8 where they are valid UTF-8, else as Latin-1. */
export function readable(characters: string): string {
  const bytes = bytesOf(characters)
  return isUtf8(bytes) ? bytes.toString() : characters
}
