import type { Writable } from 'node:stream'
import type { OutputSource } from './output-source.ts'

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
 * Passes on what comes, part by part: the next is read when the last is where it goes. Where nobody
 * takes it any more, nobody reads, so that the command hears of it as it would from a pipe of its
 * own.
 */
export function forward(
  source: OutputSource,
  sink: Writable,
  onData: (said: Buffer) => void,
): Forwarding {
  let readBytes = 0
  let isEnded = false
  let writing: Promise<void> | undefined
  source.listen({
    onData(said) {
      readBytes += said.length
      onData(said)
      writing = written(sink, said).then(
        () => {
          writing = undefined
          source.resume()
        },
        () => {
          writing = undefined
          source.destroy()
        },
      )
    },
    onEnd: () => (isEnded = true),
  })
  // Each write hears of its own error.
  sink.on('error', () => undefined)
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
      if (writing !== undefined) idle = -1
      await (writing ?? turnOfLoop())
      if (readBytes > before) idle = -1
      before = readBytes
    }
  }
}

function written(sink: Writable, said: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(said, (error) => {
      if (error instanceof Error) reject(error)
      else resolve()
    })
  })
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
