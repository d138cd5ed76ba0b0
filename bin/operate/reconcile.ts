import { InvokeCommand } from '@aws-sdk/client-lambda'
import { z } from 'zod'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import type { Deployment } from './target.ts'

const PROGRESS_MS = 10_000

const reportSchema = z.object({
  checks: z.number(),
  heartbeats: z.number(),
  missing: z.number(),
  stale: z.number(),
  orphaned: z.number(),
  lookups: z.number(),
  windows: z.number(),
  repaired: z.number(),
  withoutState: z.number(),
  failed: z.number(),
})
const failureSchema = z.object({ errorMessage: z.string() })

/**
 * Has the deployment compare all heartbeats with the registry, and answers with what it found. It
 * notes from time to time that it goes on.
 */
export async function reconcileNow(
  { lambda, syncFunction }: Deployment,
  terminal: Terminal,
): Promise<CommandAnswer> {
  const startedAt = performance.now()
  const progress = setInterval(() => {
    terminal.note(
      `overdue: reconciling for ${Math.round((performance.now() - startedAt) / 1000)} s, 15 minutes at most`,
    )
  }, PROGRESS_MS)
  try {
    terminal.note('overdue: reconciling all checks')
    return await report(lambda, syncFunction)
  } finally {
    clearInterval(progress)
  }
}

async function report(lambda: Deployment['lambda'], syncFunction: string): Promise<CommandAnswer> {
  const Payload = JSON.stringify({ reconcile: true })
  const answer = await lambda.send(new InvokeCommand({ FunctionName: syncFunction, Payload }))
  const payload: unknown = JSON.parse(answer.Payload?.transformToString() ?? 'null')
  if (answer.FunctionError !== undefined) throw new Error(failureSchema.parse(payload).errorMessage)
  const found = reportSchema.parse(payload)
  const drift = `${found.missing} missing, ${found.stale} stale, ${found.orphaned} orphaned, ${found.lookups} lookups and ${found.windows} notes of windows out of date`
  const compared = `Compared ${found.checks} checks with ${found.heartbeats} heartbeats: ${drift}; ${found.repaired} repaired.`
  return {
    text: found.withoutState === 0 ? compared : `${compared}\n${lossOf(found.withoutState)}`,
    json: found,
  }
}

function lossOf(checks: number): string {
  const subject = checks === 1 ? '1 check has' : `${checks} checks have`
  return `${subject} lost what pings had left, and can't be overdue before the next ping; the API shows it as state_lost_at.`
}
