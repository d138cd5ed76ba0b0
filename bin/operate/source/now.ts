import { InvokeCommand } from '@aws-sdk/client-lambda'
import { z } from 'zod'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import type { Deployment, Mirror } from '../target.ts'

const reportShape = z.object({
  changes: z.number(),
  kept: z.number(),
  faults: z.number(),
  held: z.number(),
  comparison: z.object({
    rows: z.number(),
    missing: z.number(),
    stale: z.number(),
    orphaned: z.number(),
  }),
})
const failureShape = z.object({ errorMessage: z.string() })

type Report = z.infer<typeof reportShape>

/** Has the deployment compare all rows of its database. @throws when it has none. */
export async function mirrorNow(
  deployment: Deployment,
  { isMeant, terminal }: { readonly isMeant: boolean; readonly terminal: Terminal },
): Promise<CommandAnswer> {
  const { functionName } = mirrorOf(deployment)
  terminal.note('overdue: comparing all rows, which may take minutes')
  const answer = await deployment.lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Payload: JSON.stringify({ compare: true, isMeant }),
    }),
  )
  const payload: unknown = JSON.parse(answer.Payload?.transformToString() ?? 'null')
  if (answer.FunctionError !== undefined) throw new Error(failureShape.parse(payload).errorMessage)
  const report = reportShape.parse(payload)
  return { text: textOf(report), json: report }
}

/** The mirror of a deployment. @throws when it has none. */
export function mirrorOf({ mirror }: Pick<Deployment, 'mirror'>): Mirror {
  if (mirror === undefined)
    throw new Error('this deployment has no source; docs/sources.md says how to give it one')
  return mirror
}

function textOf({ changes, faults, held, comparison }: Report): string {
  const { rows, missing, stale, orphaned } = comparison
  return [
    `Took ${changes} changes, and compared ${rows} rows: ${missing} checks were missing, ${stale} stale, ${orphaned} orphaned; all of them are put right.`,
    ...(faults === 0
      ? []
      : [`${faults} rows can't be taken; overdue source status says what is wrong with each.`]),
    ...(held === 0
      ? []
      : [
          `Of ${held} projects nothing is deleted, because too much would be; overdue source now --yes deletes it.`,
        ]),
  ].join('\n')
}
