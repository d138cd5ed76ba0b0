import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../lib/local/engine.ts'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
  export interface ProvidedContext {
    /** Where the local stack answers, without a slash at its end. */
    stackUrl: string
    /** Where it takes mail. */
    smtpPort: number
  }
}

const TRIES = 600
const PAUSE_MS = 200

/** Starts one local stack for all end-to-end tests, as `npm start` does, and stops it behind them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const stack = spawn(process.execPath, ['bin/local.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, PORT: port.toString(), SMTP_PORT: smtpPort.toString(), OVERDUE_DATA: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const output of [stack.stdout, stack.stderr]) output.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-10_000)))
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; !(await isReady(url)); attempt += 1) {
    if (stack.exitCode !== null || attempt === TRIES) throw new Error(`the local stack did not come up: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  project.provide('stackUrl', url)
  project.provide('smtpPort', smtpPort)
  return async () => {
    stack.kill('SIGTERM')
    if (stack.exitCode === null) await once(stack, 'exit')
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_local/ready`)).ok
  } catch {
    return false
  }
}
