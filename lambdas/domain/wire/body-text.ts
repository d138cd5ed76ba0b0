/**
 * The encoding that a byte order mark tells of; undefined when there is none. PowerShell writes
 * UTF-16 so.
 */
export function encodingOfMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined
}

/**
 * A body as text: UTF-8, unless its first bytes say UTF-16. Bytes that are neither, as the limit on
 * bodies makes of a character that it cuts, are read as replacement characters.
 */
export function bodyText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOfMark(bytes) ?? 'utf-8').decode(bytes)
}

const BYTES_PER_CHARACTER = 4

/** The last characters of a body; an ellipsis stands for what was cut off. */
export function tailOf(bytes: Uint8Array, length: number): string {
  const encoding = encodingOfMark(bytes) ?? 'utf-8'
  const earliest = Math.max(0, bytes.length - length * BYTES_PER_CHARACTER)
  const from = encoding === 'utf-8' ? earliest : earliest - (earliest % 2)
  const characters = Array.from(new TextDecoder(encoding).decode(bytes.subarray(from)))
  return (from > 0 || characters.length > length ? '…' : '') + characters.slice(-length).join('')
}
