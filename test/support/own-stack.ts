import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../lib/local/engine/engine.ts'

/** A local stack in a process of its own. */
export type OwnStack = {
  /** Where it answers, without a slash at its end. */
  readonly url: string
  /** Where it takes mail. */
  readonly smtpPort: number
  /** What its process prints, logs of functions among it. Removed with its end. */
  readonly logFile: string
  /** Ends it in order. @throws when it does not end so within half a minute */
  stop(): Promise<void>
  /** Ends its process as if the power were cut. */
  kill(): Promise<void>
}

const TRIES = 600
const PAUSE_MS = 200
const LONGEST_END_MS = 30_000

/** Starts a local stack, as `npm start` does. @throws with what it said when it does not come up */
export async function startOwnStack(settings: Readonly<Record<string, string>>): Promise<OwnStack> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const folder = mkdtempSync(join(tmpdir(), 'overdue-stack-'))
  const logFile = join(folder, 'log')
  const log = openSync(logFile, 'w')
  const root = join(import.meta.dirname, '../..')
  const child = spawn(process.execPath, ['bin/local.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      OVERDUE_DATA: '',
      PORT: port.toString(),
      SMTP_PORT: smtpPort.toString(),
      ...settings,
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const lastSaid = () => readFileSync(logFile, 'utf8').slice(-10_000)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const patience = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    clearTimeout(patience)
    const isWrong = signal !== 'SIGKILL' && child.exitCode !== 0
    const said = isWrong ? lastSaid() : ''
    rmSync(folder, { recursive: true, force: true })
    if (isWrong)
      throw new Error(`the local stack ended with ${child.exitCode ?? child.signalCode}: ${said}`)
  }
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; !(await isReady(url)); attempt += 1) {
    if (child.exitCode === null && attempt < TRIES) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      continue
    }
    const said = lastSaid()
    await end('SIGKILL')
    throw new Error(`the local stack did not come up: ${said}`)
  }
  return {
    url,
    smtpPort,
    logFile,
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
