import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { synthesize } from '../../lib/local/assembly.ts'
import { freePort } from '../../lib/local/engine.ts'
import { readSettings } from '../../lib/local/settings.ts'

/** A local stack as tests reach it. */
export type ProvidedStack = {
  /** Where it answers, without a slash at its end. */
  readonly url: string
  /** Where it takes mail. */
  readonly smtpPort: number
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
  export interface ProvidedContext {
    /** One for each file that may run at a time. */
    stacks: readonly ProvidedStack[]
  }
}

const TRIES = 600
const PAUSE_MS = 200

/** Starts the local stacks for all end-to-end tests, as `npm start` does, and stops them behind them. The app is synthesized once for all. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const assembly = await mkdtemp(join(tmpdir(), 'overdue-'))
  await synthesize(assembly, readSettings({}), new AbortController().signal)
  const started = await Promise.all(Array.from({ length: project.config.maxWorkers }, () => startStack(assembly)))
  project.provide(
    'stacks',
    started.map(({ stack }) => stack),
  )
  return async () => {
    await Promise.all(started.map(({ stop }) => stop()))
    await rm(assembly, { recursive: true })
  }
}

type Started = { readonly stack: ProvidedStack; readonly stop: () => Promise<void> }

async function startStack(assembly: string): Promise<Started> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const own = { PORT: port.toString(), SMTP_PORT: smtpPort.toString(), OVERDUE_DATA: '', OVERDUE_ASSEMBLY: assembly }
  const stack = spawn(process.execPath, ['bin/local.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const output of [stack.stdout, stack.stderr]) output.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-10_000)))
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; !(await isReady(url)); attempt += 1) {
    if (stack.exitCode !== null || attempt === TRIES) throw new Error(`the local stack did not come up: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const stop = async () => {
    stack.kill('SIGTERM')
    if (stack.exitCode === null) await once(stack, 'exit')
  }
  return { stack: { url, smtpPort }, stop }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_local/ready`)).ok
  } catch {
    return false
  }
}
