import type { Readable } from 'node:stream'

/** Who hears what a command says. */
export type OutputListener = {
  /** What was read stays as it is until `resume`, and no longer. */
  readonly onData: (said: Buffer) => void
  readonly onEnd: () => void
}

/** The end of a pipe that a command writes to, read a part at a time. */
export type OutputSource = {
  listen(listener: OutputListener): void
  /** Reads a further part. */
  resume(): void
  destroy(): void
}

/** Parts are as large as what a pipe of Linux holds. */
const PART_BYTES = 64 * 1024

/**
 * Reads an open pipe into one buffer, over and over: Node's own streams take a new one for each
 * part, and a gigabyte of output fills memory faster than it is tidied up.
 */
export function pipeSource(descriptor: number): OutputSource {
  let listener: OutputListener | undefined
  const part = Buffer.allocUnsafe(PART_BYTES)
  const onread = {
    buffer: part,
    callback(bytes: number) {
      listener?.onData(part.subarray(0, bytes))
      // Reads no further for now.
      return false
    },
  }
  const { Socket } = process.getBuiltinModule('node:net')
  const socket = new Socket({ fd: descriptor, readable: true, writable: false, onread })
  return {
    listen(given) {
      listener = given
      listenForEnd(socket, given)
      socket.resume()
    },
    resume: () => void socket.resume(),
    destroy: () => void socket.destroy(),
  }
}

/** The same for a stream that Node has made. */
export function streamSource(stream: Readable): OutputSource {
  return {
    listen(listener) {
      stream.on('data', (said: Buffer) => {
        stream.pause()
        listener.onData(said)
      })
      listenForEnd(stream, listener)
    },
    resume: () => void stream.resume(),
    destroy: () => void stream.destroy(),
  }
}

function listenForEnd(stream: Readable, { onEnd }: OutputListener): void {
  stream.once('end', onEnd).once('close', onEnd).on('error', onEnd)
}
