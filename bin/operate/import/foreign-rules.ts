import { z } from 'zod'
import { areInBounds } from '../../../lambdas/domain/watching/rule-bounds.ts'
import type { Rules } from '../../../lambdas/domain/watching/rules.ts'

const number = z.number().optional()

/**
 * Rules in the answers of another Overdue; Healthchecks has none. What this program does not know
 * is refused, as the check would do something else here.
 */
export const foreignRules = z
  .strictObject({
    max_runtime: number,
    min_runtime: number,
    early: number,
    most_pings: z.object({ count: z.number(), seconds: z.number() }).optional(),
    failures: z.object({ count: z.number(), of: z.number() }).optional(),
    successes: number,
    repeat: number,
    escalate: z.unknown().optional(),
    depends_on: z.array(z.string()).optional(),
  })
  .transform(rulesOf)
  .refine(areInBounds, 'has a value that is not allowed here')

/** Escalations are not among them, because channels are not taken along. */
const ruleNames: Readonly<Partial<Record<string, keyof Rules>>> = {
  max_runtime: 'maxRuntimeSeconds',
  min_runtime: 'minRuntimeSeconds',
  early: 'earlySeconds',
  most_pings: 'mostPings',
  failures: 'failures',
  successes: 'successes',
  repeat: 'repeatSeconds',
  depends_on: 'dependsOn',
}

function rulesOf(fields: object): Rules {
  const named = Object.entries(fields).map(([name, value]) => [ruleNames[name], value] as const)
  return Object.fromEntries(named.filter(([name]) => name !== undefined)) as Rules
}
