import type { Readable, Writable } from 'node:stream'

/**
 * What may still lie in a pipe when the command has ended. What comes after so much is somebody
 * else's, who has outlived it.
 */
const MOST_LEFT_BYTES = 4 * 1024 * 1024
/** So many turns of the event loop without anything to read mean that the pipe is empty. */
const EMPTY_TURNS = 3

/** Output on its way from the command to where it goes. */
export type Forwarding = {
  /** Waits until all that the command has said is where it goes, and reads no further. */
  finish(): Promise<void>
}

/**
 * Passes on what comes, no faster than it is taken. Where nobody takes it any more, nobody reads,
 * so that the command hears of it as it would from a pipe of its own.
 */
export function forward(
  source: Readable,
  sink: Writable,
  onData: (said: Buffer) => void,
): Forwarding {
  let readBytes = 0
  let isEnded = false
  let isFull = false
  const ended = () => (isEnded = true)
  source.on('data', (said: Buffer) => {
    readBytes += said.length
    onData(said)
    if (sink.write(said)) return
    isFull = true
    source.pause()
  })
  sink.on('drain', () => {
    isFull = false
    source.resume()
  })
  source.once('end', ended).once('close', ended).on('error', ended)
  sink.on('error', () => source.destroy())
  return {
    async finish() {
      await emptied()
      source.destroy()
      await flushed(sink)
    },
  }

  async function emptied(): Promise<void> {
    const most = readBytes + MOST_LEFT_BYTES
    let before = readBytes
    for (let idle = 0; idle < EMPTY_TURNS && !isEnded && readBytes < most; idle += 1) {
      if (isFull) await untilEither(sink, 'drain', 'close')
      else await turnOfLoop()
      if (readBytes > before || isFull) idle = -1
      before = readBytes
    }
  }
}

function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

function flushed(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    sink.once('close', resolve)
    if (sink.closed) resolve()
    else sink.end()
  })
}

function untilEither(sink: Writable, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of events) sink.once(event, resolve)
    if (sink.closed) resolve()
  })
}
