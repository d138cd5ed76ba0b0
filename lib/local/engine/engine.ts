import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'

/** A DynamoDB engine that answers on `endpoint`. */
export type Engine = { readonly endpoint: string; stop(): Promise<void> }

const START_TRIES = 200

/**
 * Starts the embedded DynamoDB engine, in memory or on the file `path`; or uses the one that
 * DYNAMODB_ENDPOINT names.
 * @throws when this platform has no engine package, or the engine does not answer.
 */
export async function startEngine(path?: string): Promise<Engine> {
  const given = process.env['DYNAMODB_ENDPOINT']
  if (given !== undefined && given !== '') return { endpoint: given, stop: () => Promise.resolve() }
  const binary = enginePath()
  if (binary === undefined)
    throw new Error(
      `the embedded DynamoDB needs the npm package ${enginePackage}, or DYNAMODB_ENDPOINT`,
    )
  const port = await freePort()
  const options = [
    'serve',
    '--host',
    '127.0.0.1',
    '--port',
    port.toString(),
    ...(path === undefined ? [] : ['--db-path', path]),
  ]
  // In a process group of its own: Ctrl-C, which reaches our whole group, must not end it while
  // others still write to it.
  const engine = spawn('/bin/sh', ['-c', underWatch, binary, ...options], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  engine.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2000)))
  const endpoint = `http://127.0.0.1:${port}`
  await untilAnswers(endpoint, engine, () => said)
  return { endpoint, stop: () => stopped(engine) }
}

/**
 * A shell that becomes the engine. Another one stays beside it, and ends the engine when our
 * process is gone, even after a crash: its input then ends without a line.
 */
const underWatch = `exec 3<&0; (read -r _ <&3 || kill "$$") </dev/null >/dev/null 2>&1 & exec "$0" "$@" </dev/null 3<&-`

/** The folder for passing files: in memory where the system has one. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

const enginePackage = `@dynoxide/${process.platform}-${process.arch}`

/** Path of the platform's binary; undefined when its package is not installed. */
export function enginePath(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${enginePackage}/dynoxide`)
  } catch {
    return undefined
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function untilAnswers(
  endpoint: string,
  engine: ChildProcess,
  said: () => string,
): Promise<void> {
  for (let attempt = 0; attempt < START_TRIES && engine.exitCode === null; attempt += 1) {
    try {
      await fetch(endpoint)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
  engine.kill('SIGKILL')
  engine.stdin?.end('over\n')
  throw new Error(
    `the embedded DynamoDB did not start: ${said().trim() || `exit status ${engine.exitCode ?? 'none'}`}`,
  )
}

async function stopped(engine: ChildProcess): Promise<void> {
  if (engine.exitCode === null && engine.signalCode === null) {
    await new Promise((resolve) => {
      engine.once('exit', resolve)
      engine.kill('SIGTERM')
    })
  }
  engine.stdin?.end('over\n')
}
