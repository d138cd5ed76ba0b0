import { z } from 'zod'
import type { Statement } from './policy.ts'
import type { Resources } from './resources.ts'

const texts = z.union([z.string(), z.array(z.string())])

const statementShape = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})

const documentShape = z.object({ Statement: z.array(statementShape) })
const policyShape = z.object({ PolicyDocument: documentShape, Roles: z.array(z.string()) })

/** Managed policies are not read. Overdue grants nothing by one, so nothing may depend on one. */
const roleShape = z.object({
  Policies: z.array(z.object({ PolicyDocument: documentShape })).default([]),
})

/** The statements of each role of the template, by its ARN. */
export function roleStatements(resources: Resources): ReadonlyMap<string, readonly Statement[]> {
  const policies = resources.ofType('AWS::IAM::Policy').map(({ read }) => read(policyShape))
  return new Map(
    resources.ofType('AWS::IAM::Role').map(({ name, arn, read }) => {
      const own = read(roleShape).Policies
      const attached = policies.filter(({ Roles }) => Roles.includes(name))
      return [arn, [...own, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement)]
    }),
  )
}
