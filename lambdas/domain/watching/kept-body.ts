import type { PingDetails } from './ping.ts'

/** The first bytes of something. */
export type KeptBytes = {
  readonly bytes: Uint8Array
  /** How many there were. */
  readonly receivedBytes: number
}

/** What is kept of a ping's body, and of a mail what it says to people. */
export type KeptBody = KeptBytes & { readonly words?: MailWords }

/** The subject of a mail and its text, both decoded, the text as UTF-8. */
export type MailWords = { readonly subject: string; readonly text: KeptBytes }

/** How many bytes of a body are kept, and of how many, for the details of its ping. */
export type BodyLengths = Pick<PingDetails, 'bodyBytes' | 'receivedBytes'>

/** @param limit of bytes that are kept; infinity for all */
export function lengthsOf(receivedBytes: number, limit: number): BodyLengths {
  return receivedBytes <= limit ? { bodyBytes: receivedBytes } : { bodyBytes: limit, receivedBytes }
}

/** What is kept of all that came. */
export function keptBody(
  received: Uint8Array,
  { bodyBytes, receivedBytes }: BodyLengths,
): KeptBytes {
  const bytes = received.subarray(0, bodyBytes)
  return { bytes, receivedBytes: receivedBytes ?? bytes.length }
}

/** `the first 10,000 of 43,120 bytes`; undefined where nothing is missing. */
export function cutInWords({ bytes, receivedBytes }: KeptBytes): string | undefined {
  return bytes.length < receivedBytes
    ? `the first ${inWords(bytes.length)} of ${inWords(receivedBytes)} bytes`
    : undefined
}

function inWords(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',')
}
