import { inGroups } from '../../lambdas/runtime/groups.ts'
import type { Figure, Row } from '../figure.ts'
import { type LocalStack, type Project, withLocalStack } from '../local-stack.ts'
import { PingClient } from '../ping-client.ts'
import { makeChecks } from '../workload.ts'

const PINGS = 5000
const WITHIN_MS = 1000
const READS_AT_ONCE = 4
/** Enough for pings that had to wait in the spill queue to be recorded. */
const DRAIN_SECONDS = 900

export const burst: Row = {
  name: 'burst',
  help: `${PINGS} jobs ping within one second of a full minute, each over a connection of its own: answers, and what is recorded`,
  measure: (progress) => withLocalStack((stack) => measure(stack, progress)),
}

async function measure(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress(`making ${PINGS} checks`)
  const project = await stack.project()
  const checks = await makeChecks(stack, project, PINGS)
  await stack.settle()
  const client = new PingClient(stack.base, PINGS)
  await untilFullMinute(stack)
  progress(`${PINGS} pings`)
  const startedAt = performance.now()
  const answers = await client.burst(checks, WITHIN_MS)
  const seconds = (performance.now() - startedAt) / 1000
  client.close()
  progress('counting what is recorded')
  const spilled = (await stack.meter())['ping']?.calls['sqs.SendMessage']
  await stack.advance(DRAIN_SECONDS)
  const counts = await inGroups(checks, READS_AT_ONCE, (check) =>
    pingCountOf(stack, project, check),
  )
  const failed = Object.entries(answers).reduce(
    (sum, [status, count]) => sum + (Number(status) >= 500 ? count : 0),
    0,
  )
  return [
    {
      name: 'pings answered with 200',
      unit: 'pings',
      value: answers[200] ?? 0,
      target: { atLeast: PINGS },
    },
    { name: 'pings answered with 5xx', unit: 'pings', value: failed, target: { atMost: 0 } },
    {
      name: 'checks whose ping is lost',
      unit: 'checks',
      value: counts.filter((count) => count === 0).length,
      target: { atMost: 0 },
    },
    {
      name: 'checks with a ping counted twice',
      unit: 'checks',
      value: counts.filter((count) => count > 1).length,
      target: { atMost: 0 },
    },
    { name: 'pings that waited in the spill queue', unit: 'pings', value: sumOf(spilled) },
    { name: 'until the last answer', unit: 's', value: seconds },
  ]
}

function sumOf(resources: Readonly<Record<string, { readonly count: number }>> = {}): number {
  return Object.values(resources).reduce((sum, { count }) => sum + count, 0)
}

async function untilFullMinute(stack: LocalStack): Promise<void> {
  const { now } = (await stack.control('GET', '/ready')) as { readonly now: string }
  await stack.advance((60_000 - (Date.parse(now) % 60_000)) / 1000)
}

async function pingCountOf(
  { base }: LocalStack,
  { apiKey }: Project,
  check: string,
): Promise<number> {
  const response = await fetch(`${base}/api/v3/checks/${check}`, {
    headers: { 'X-Api-Key': apiKey },
  })
  return ((await response.json()) as { readonly n_pings: number }).n_pings
}
