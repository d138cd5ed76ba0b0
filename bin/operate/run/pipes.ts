import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OutputSource, pipeSource } from './output-source.ts'

// An ES module that imports `fs` loads all its streams.
const { close, constants, mkdtempSync, openSync, rmSync } = process.getBuiltinModule('node:fs')

/** The two ends of a pipe: the one that a command writes to, by its number, and ours. */
export type OutputPipe = { readonly writeEnd: number; readonly readEnd: OutputSource }

/**
 * Pipes for both outputs of a command. Node itself gives sockets, which Linux does not open again:
 * with them, `tee /dev/stderr` fails, which works under cron. Undefined where there are no pipes to
 * be had, and where sockets do as well.
 */
export async function makeOutputPipes(): Promise<readonly [OutputPipe, OutputPipe] | undefined> {
  if (process.platform !== 'linux') return undefined
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(tmpdir(), 'overdue-run-'))
    const [out, err] = [join(folder, 'out'), join(folder, 'err')] as const
    await mkfifo(out, err)
    return [openBoth(out), openBoth(err)]
  } catch {
    return undefined
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** Has the end for the command closed here: only so the other one ends when the command does. */
export function closeWriteEnds(pipes: readonly OutputPipe[]): void {
  for (const { writeEnd } of pipes) close(writeEnd)
}

function mkfifo(...paths: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' })
      .on('error', reject)
      .once('exit', (status) =>
        status === 0 ? resolve() : reject(new Error(`mkfifo ends with ${status}`)),
      )
  })
}

function openBoth(path: string): OutputPipe {
  // Without O_NONBLOCK it would wait for the other end, which is opened next.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeEnd = openSync(path, constants.O_WRONLY)
  return { writeEnd, readEnd: pipeSource(descriptor) }
}
