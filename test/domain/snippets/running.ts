import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this machine has a program. */
export function has(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], (error) => resolve(error === null))
  })
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      resolve({ status: typeof code === 'number' ? code : -1, output: stdout + stderr })
    })
  })
}

/** A file of a folder of its own. */
export function fileOf(name: string, text: string, mode = 0o644): string {
  const file = join(mkdtempSync(join(tmpdir(), 'snippet-')), name)
  writeFileSync(file, text, { mode })
  return file
}

/** Takes pings, and tells what was asked for. */
export async function makePingServer() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('OK')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/4f3c2b1a-0000-4000-8000-000000000001`,
    /** What was asked for since the last time, behind the UUID. */
    taken: () => asked.splice(0).map((path) => path.slice(37)),
    stop: () => {
      server.close()
    },
  }
}
