import { z } from 'zod'
import type { InvocationResult } from '../functions/function-process.ts'

const answerShape = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).default([]),
  })
  .nullable()

/**
 * The items of a batch that a function failed at. As in Lambda, an answer that does not parse fails
 * the whole batch.
 */
export function failedItems(
  outcome: InvocationResult,
  reportsItems: boolean,
): readonly string[] | 'all' {
  if ('error' in outcome) return 'all'
  if (!reportsItems) return []
  const answer = answerShape.safeParse(JSON.parse(outcome.payload))
  if (!answer.success) return 'all'
  return answer.data?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? []
}
