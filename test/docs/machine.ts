import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { servePings } from '../support/ping-server.ts'

export type Machine = Awaited<ReturnType<typeof makeMachine>>

const pingKey = 'abcdefghijklmnopqrstuv'

/**
 * A folder that stands for a machine on which the examples of a page run: programs in
 * `/usr/local/bin`, a home, and Overdue, which takes pings.
 */
export async function makeMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-docs-'))
  const bin = join(folder, 'bin')
  const server = await servePings()
  const write = (path: string, text: string, mode = 0o600) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode })
    return file
  }
  /** A text of the page, as it stands on this machine. */
  const here = (text: string) =>
    text
      .replaceAll('https://overdue.example.com', server.url)
      .replaceAll('<ping key>', pingKey)
      .replaceAll('/usr/local/bin', bin)
  const program = (name: string, script: string) =>
    write(join('bin', name), `#!/bin/sh\n${script}\n`, 0o700)
  const operate = new URL('../../bin/operate.ts', import.meta.url).pathname
  program('overdue', `exec '${process.execPath}' '${operate}' "$@"`)
  program('node', `exec '${process.execPath}' "$@"`)
  return {
    folder,
    home: join(folder, 'home'),
    path: `${bin}:/usr/bin:/bin`,
    pingKey,
    here,
    write,
    program,
    /** Runs words to their end, in the home of this machine. */
    run: (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      endOf(words, { cwd: join(folder, 'home'), env: { PATH: `${bin}:/usr/bin:/bin`, ...env } }),
    /** What was pinged since the last time, behind the ping key. */
    taken: () => server.pings.splice(0).map(({ path }) => path.replace(`/ping/${pingKey}/`, '')),
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

type Place = { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv }

/** Runs a program to its end. */
export function endOf([program = '', ...args]: readonly string[], place: Place = {}) {
  return new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
    execFile(program, args, { timeout: 50_000, ...place }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      resolve({ status: typeof code === 'number' ? code : -1, output: stdout + stderr })
    })
  })
}
