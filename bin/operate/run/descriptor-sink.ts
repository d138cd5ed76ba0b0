import { Writable } from 'node:stream'

// An ES module that imports `fs` loads all its streams.
const { write } = process.getBuiltinModule('node:fs')

/** A place that others made not to wait, and that is full, is tried again after this. */
const FULL_MS = 10

/** So much may wait to be written before the command has to. */
const WAITING_BYTES = 256 * 1024

/**
 * Writes to an open file, as `process.stdout` does, but in another thread: where nobody reads what
 * is written, signals and time limits still count. It leaves the file as it is, for others have it,
 * too.
 */
export function sinkTo(descriptor: number): Writable {
  return new Writable({
    highWaterMark: WAITING_BYTES,
    write(chunk: Buffer, _encoding, done) {
      writeFrom(descriptor, chunk, done)
    },
  })
}

function writeFrom(descriptor: number, rest: Buffer, done: (error?: Error) => void): void {
  write(descriptor, rest, (error, count) => {
    if (error?.code === 'EAGAIN') setTimeout(writeFrom, FULL_MS, descriptor, rest, done)
    else if (error !== null) done(error)
    else if (count < rest.length) writeFrom(descriptor, rest.subarray(count), done)
    else done()
  })
}
