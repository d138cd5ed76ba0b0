import { z } from 'zod'
import type { BucketDefinition } from '../services/bucket.ts'
import { isAllowed, type AwsAccess, type Statement } from './policy.ts'
import { account, region, type Resources } from './resources.ts'
import { functionNameOf } from './sources.ts'
import { StartError } from '../start-error.ts'

/** What SES does with mail to a domain: it puts it into a bucket and calls a function. */
export type ReceiptRule = {
  readonly domain: string
  readonly bucketName: string
  readonly functionName: string
}

const ruleShape = z.strictObject({
  RuleSetName: z.string(),
  Rule: z.strictObject({
    Enabled: z.literal(true),
    Recipients: z.tuple([z.string()]),
    Actions: z.tuple([
      z.strictObject({ S3Action: z.strictObject({ BucketName: z.string() }) }),
      z.strictObject({
        LambdaAction: z.strictObject({
          FunctionArn: z.string(),
          InvocationType: z.literal('Event'),
        }),
      }),
    ]),
  }),
})

/**
 * The template's rules.
 * @throws StartError when SES lacks a permission for one of them: SES itself refuses such a rule.
 */
export function readReceiptRules(resources: Resources): readonly ReceiptRule[] {
  const statements = statementsForSes(resources)
  return resources.ofType('AWS::SES::ReceiptRule').map(({ name, read }) => {
    const { Rule, RuleSetName } = read(ruleShape)
    const [{ S3Action }, { LambdaAction }] = Rule.Actions
    const sourceArn = `arn:aws:ses:${region}:${account}:receipt-rule-set/${RuleSetName}:receipt-rule/${name}`
    const context = { 'aws:SourceAccount': [account], 'aws:SourceArn': [sourceArn] }
    const accesses: readonly AwsAccess[] = [
      { action: 's3:PutObject', resource: `arn:aws:s3:::${S3Action.BucketName}/mail`, context },
      { action: 'lambda:InvokeFunction', resource: LambdaAction.FunctionArn, context },
    ]
    const denied = accesses.find((access) => !isAllowed(statements, access))
    if (denied)
      throw new StartError(
        `the receipt rule ${name} needs SES to be allowed ${denied.action} on ${denied.resource}`,
      )
    return {
      domain: Rule.Recipients[0],
      bucketName: S3Action.BucketName,
      functionName: functionNameOf(LambdaAction.FunctionArn),
    }
  })
}

const ses = 'ses.amazonaws.com'

const texts = z.union([z.string(), z.array(z.string())])
const principalShape = z.union([z.literal('*'), z.record(z.string(), texts)])
const policyShape = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.literal(['Allow', 'Deny']),
        Action: texts,
        Resource: texts,
        Principal: principalShape,
        Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      }),
    ),
  }),
})
const permissionShape = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
})

/** The statements for SES in the policies of buckets and functions. */
function statementsForSes(resources: Resources): readonly Statement[] {
  const ofBuckets = resources
    .ofType('AWS::S3::BucketPolicy')
    .flatMap(({ read }) => read(policyShape).PolicyDocument.Statement)
  const ofFunctions = resources
    .ofType('AWS::Lambda::Permission')
    .map(({ read }) => statementOf(read(permissionShape)))
  // That everybody may call a function by its URL does not let SES call it.
  const forSes = ofFunctions.filter(({ Principal }) => Principal === ses)
  return [
    ...ofBuckets.filter(({ Principal }) =>
      [ses, '*'].some((name) => JSON.stringify(Principal).includes(`"${name}"`)),
    ),
    ...forSes,
  ]
}

function statementOf({
  Action,
  FunctionName,
  Principal,
  SourceArn,
  SourceAccount,
}: z.infer<typeof permissionShape>) {
  const ArnLike = SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }
  const StringEquals =
    SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }
  return {
    Effect: 'Allow' as const,
    Action,
    Resource: FunctionName,
    Principal,
    Condition: { ...ArnLike, ...StringEquals },
  }
}

const bucketShape = z.object({
  LifecycleConfiguration: z
    .object({ Rules: z.array(z.object({ ExpirationInDays: z.number().optional() })) })
    .optional(),
})

export function readBuckets(resources: Resources): readonly BucketDefinition[] {
  return resources.ofType('AWS::S3::Bucket').map(({ name, arn, read }) => {
    const rules = read(bucketShape).LifecycleConfiguration?.Rules ?? []
    return {
      name,
      arn,
      expirationDays: Math.min(
        ...rules.map(({ ExpirationInDays }) => ExpirationInDays ?? Infinity),
      ),
    }
  })
}
