/** An answer of an HTTP/1.1 server. */
export type HttpAnswer = {
  readonly status: number
  readonly body: Buffer
  /** Whether the connection may be used again. */
  readonly keepsAlive: boolean
}

const headEnd = '\r\n\r\n'

/** The answer in these bytes. While it is incomplete: how many bytes there must be at least. */
export function readAnswer(bytes: Buffer): HttpAnswer | number {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return bytes.length + 1
  const head = bytes.toString('latin1', 0, end)
  const body = readBody(head, bytes, end + headEnd.length)
  if (typeof body === 'number') return body
  return {
    status: Number(head.slice('HTTP/1.1 '.length).slice(0, 3)),
    body,
    keepsAlive: !/\r\nconnection: *close/i.test(head),
  }
}

function readBody(head: string, bytes: Buffer, start: number): Buffer | number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined)
    return /\r\ntransfer-encoding: *chunked/i.test(head)
      ? readChunks(bytes, start)
      : Buffer.alloc(0)
  const end = start + Number(length)
  return bytes.length < end ? end : bytes.subarray(start, end)
}

/**
 * A chunk is a line with its length in hexadecimal, that many bytes, and a line break. The last one
 * has no bytes.
 */
function readChunks(bytes: Buffer, start: number): Buffer | number {
  const chunks: Buffer[] = []
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return bytes.length + 1
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + length
    if (bytes.length < end + 2) return end + 2
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
  }
}
