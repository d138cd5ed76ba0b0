import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../lib/local/engine/engine.ts'

/** A local stack in a process of its own. */
export type OwnStack = {
  /** Where it answers, without a slash at its end. */
  readonly url: string
  /** Where it takes mail. */
  readonly smtpPort: number
  /** The end of what its process has printed, logs of functions among it. */
  printed(): string
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends its process as if the power were cut. */
  kill(): Promise<void>
}

const TRIES = 600
const PAUSE_MS = 200

/** Starts a local stack, as `npm start` does. @throws with what it said when it does not come up */
export async function startOwnStack(settings: Readonly<Record<string, string>>): Promise<OwnStack> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, ['bin/local.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      ...process.env,
      OVERDUE_DATA: '',
      PORT: port.toString(),
      SMTP_PORT: smtpPort.toString(),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-1_000_000)))
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; !(await isReady(url)); attempt += 1) {
    if (child.exitCode === null && attempt < TRIES) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      continue
    }
    await end('SIGKILL')
    throw new Error(`the local stack did not come up: ${said.slice(-10_000)}`)
  }
  return {
    url,
    smtpPort,
    printed: () => said,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_local/ready`)).ok
  } catch {
    return false
  }
}
