const BATCH_SIZE = 10
/**
 * The most bytes of a batch. SQS takes 1 MiB in one call, and the rest is for what surrounds the
 * messages.
 */
const BATCH_BYTES = 1_000_000

/** As many messages to a batch as SQS takes by number and by size. */
export function batchesOf(bodies: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = []
  let room = 0
  for (const body of bodies) {
    room -= Buffer.byteLength(body)
    const batch = batches.at(-1)
    if (batch !== undefined && room >= 0 && batch.length < BATCH_SIZE) {
      batch.push(body)
    } else {
      batches.push([body])
      room = BATCH_BYTES - Buffer.byteLength(body)
    }
  }
  return batches
}

/**
 * JSON of characters that SQS takes: it refuses a message with U+FFFE or U+FFFF in it, and bodies
 * and names may hold them.
 */
export function messageText(message: object): string {
  return JSON.stringify(message).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  )
}
