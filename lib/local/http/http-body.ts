import type { IncomingMessage } from 'node:http'

/** The body of a request. Even too long a body is read to its end, so that the answer arrives. */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
): Promise<Buffer | 'too-long'> {
  // Most pings have no body. Reading would find that out some turns of the event loop later.
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
