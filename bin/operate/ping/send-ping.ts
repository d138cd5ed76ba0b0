import type { Clock } from '../../../lambdas/runtime/clock.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { isEnoughFor, pingUrlOf } from '../run/destination.ts'
import { pingOnce, pingPatiently } from '../run/patient-ping.ts'
import { gatherSettings, type RunSettings } from '../run/settings.ts'
import { bodyOfFile } from './body.ts'

export type PingOptions = RunSettings & {
  readonly settings?: string
  readonly bodyFile?: string
  readonly json?: true
}

type Meant = { readonly name: string; readonly signal: string }

type PingSeams = {
  readonly clock: Clock
  /** For what is not done as it was asked for, as of a body that is cut. */
  readonly note: (line: string) => void
}

const PATIENCE_MS = 30_000
const FIRST_WAIT_MS = 500

/** Sends a ping, and tries again for half a minute where that may help. */
export async function sendPing(
  { name, signal }: Meant,
  { bodyFile, ...flags }: PingOptions,
  { clock, note }: PingSeams,
): Promise<CommandAnswer> {
  const body = bodyFile === undefined ? new Uint8Array() : await bodyOfFile(bodyFile, note)
  const sources = {
    flags,
    environment: process.env,
    readSecret: async (arn: string) => (await import('../run/secret.ts')).readSecret(arn),
  }
  const settings = await gatherSettings(sources, (found) => isEnoughFor({ name }, found))
  const url = `${pingUrlOf({ name }, settings)}${signal === 'success' ? '' : `/${signal}`}`
  const refusal = await pingPatiently(
    (part, timeoutMs) => pingOnce(url, { body: part, timeoutMs, by: 'overdue ping' }),
    body,
    {
      clock,
      random,
      check: { name },
      giveUpAt: clock.now() + PATIENCE_MS,
      firstWaitMs: FIRST_WAIT_MS,
    },
  )
  if (refusal !== undefined) throw new Error(`the ping is not taken: ${refusal}`)
  return { text: `The check ${name} has been told: ${signal}.`, json: { check: name, signal } }
}
