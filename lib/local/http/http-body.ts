import type { IncomingMessage } from 'node:http'

/**
 * The body of a request. One that is too long is read to its end all the same, so that its sender
 * is there for the answer.
 */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
): Promise<Buffer | 'too-long'> {
  // Most pings have none, as their head says: reading would find that out a few turns later.
  if (!('content-length' in request.headers) && !('transfer-encoding' in request.headers))
    return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= mostBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  return length > mostBytes ? 'too-long' : Buffer.concat(chunks)
}
