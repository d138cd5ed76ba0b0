import { createReadStream } from 'node:fs'
import { MOST_BODY_BYTES } from '../run/patient-ping.ts'

/** The bytes of a file, or of standard input for `-`; of more than a ping takes the first ones. */
export async function bodyOfFile(file: string, note: (line: string) => void): Promise<Uint8Array> {
  const source = file === '-' ? process.stdin : createReadStream(file)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of source) {
    const read = Buffer.from(part as Uint8Array)
    parts.push(read)
    bytes += read.length
    if (bytes > MOST_BODY_BYTES) break
  }
  if (bytes > MOST_BODY_BYTES)
    note(`overdue: only the first ${MOST_BODY_BYTES} bytes of ${file} go with the ping`)
  return Buffer.concat(parts).subarray(0, MOST_BODY_BYTES)
}
