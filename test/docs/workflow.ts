import { parse } from 'yaml'
import type { Machine } from './machine.ts'

export type Workflow = {
  readonly on: { readonly schedule?: readonly { readonly cron: string }[] }
  readonly jobs: Readonly<Record<string, Job>>
}
type Job = { readonly env?: Variables; readonly steps: readonly Step[] }
type Step = {
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Variables
}
type Variables = Readonly<Record<string, string>>

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow
}

export type WorkflowEvent = {
  readonly event: string
  /** What `secrets.<name>` is. */
  readonly secrets: Variables
}

/**
 * Runs the steps of the only job, as GitHub does as far as these examples go: with its bash, by
 * `if`, and none after a failed one but those that always run.
 * @returns whether the job succeeded
 */
export async function runWorkflow(
  { jobs }: Workflow,
  { event, secrets }: WorkflowEvent,
  machine: Machine,
): Promise<boolean> {
  const [job, ...others] = Object.values(jobs)
  if (job === undefined || others.length > 0) throw new Error('a workflow of one job is wanted')
  let isGood = true
  const filled = (variables: Variables = {}) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, text]) => [
        name,
        text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
          const secret = /^secrets\.(\w+)$/.exec(expression)?.[1]
          if (secret !== undefined) return secrets[secret] ?? ''
          if (expression === "job.status == 'success' && '0' || 'fail'")
            return isGood ? '0' : 'fail'
          throw new Error(`${expression} is not known here`)
        }),
      ]),
    )
  for (const step of job.steps) {
    if (step.run === undefined || !isRun(step.if, { event, isGood })) continue
    const script = machine.write('step.sh', step.run)
    const env = { ...filled(job.env), ...filled(step.env) }
    const { status } = await machine.run(['/bin/bash', '-eo', 'pipefail', script], env)
    if (status !== 0) isGood = false
  }
  return isGood
}

function isRun(
  condition: string | undefined,
  { event, isGood }: { readonly event: string; readonly isGood: boolean },
): boolean {
  if (condition === undefined) return isGood
  if (condition === 'always()') return true
  const wanted = /^github\.event_name == '(\w+)'$/.exec(condition)?.[1]
  if (wanted === undefined) throw new Error(`${condition} is not known here`)
  return isGood && wanted === event
}
