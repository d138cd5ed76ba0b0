import { join } from 'node:path'
import { z } from 'zod'
import type { Statement } from './policy.ts'
import type { Resource, Resources } from './resources.ts'

export type FunctionDefinition = {
  readonly name: string
  readonly arn: string
  /** Folder of the bundle. */
  readonly bundle: string
  /** `file.export` */
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly statements: readonly Statement[]
  /** How often an asynchronous invocation that failed is tried again. */
  readonly retries: number
  /** ARN of the queue for asynchronous events that failed for good. */
  readonly failureArn?: string
  /** Whether anybody may call its URL, which else answers 403; undefined when it has none. */
  readonly isPublic?: boolean
}

export type FunctionParts = {
  readonly resources: Resources
  /** Folder of the cloud assembly, which has the bundles. */
  readonly assets: string
  /** The statements of each role, by its ARN. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>
}

const functionShape = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Role: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
})

export function readFunction(
  { name, arn, read }: Resource,
  { resources, assets, statements }: FunctionParts,
): FunctionDefinition {
  const definition = read(functionShape)
  const isPublic = publicity(resources, name, arn)
  const { retries, failureArn } = asynchronyOf(resources, name)
  return {
    name,
    arn,
    bundle: join(assets, `asset.${definition.Code.S3Key.replace(/\.zip$/, '')}`),
    handler: definition.Handler,
    environment: definition.Environment.Variables,
    timeoutSeconds: definition.Timeout,
    memoryMegabytes: definition.MemorySize,
    statements: statements.get(definition.Role) ?? [],
    retries,
    ...(failureArn === undefined ? {} : { failureArn }),
    ...(isPublic === undefined ? {} : { isPublic }),
  }
}

const invokeShape = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.number().default(2),
  DestinationConfig: z
    .strictObject({ OnFailure: z.object({ Destination: z.string() }) })
    .optional(),
})

/** How Lambda treats asynchronous events. */
function asynchronyOf(resources: Resources, name: string) {
  const settings = resources
    .ofType('AWS::Lambda::EventInvokeConfig')
    .map(({ read }) => read(invokeShape))
  const own = settings.find(({ FunctionName }) => FunctionName === name)
  return {
    retries: own?.MaximumRetryAttempts ?? 2,
    failureArn: own?.DestinationConfig?.OnFailure.Destination,
  }
}

const urlShape = z.strictObject({
  AuthType: z.literal('NONE'),
  TargetFunctionArn: z.string(),
  InvokeMode: z.literal('BUFFERED').optional(),
})
const permissionShape = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
})

/**
 * Whether anybody may call a function's URL; undefined when it has none. AWS wants two permissions
 * for that since October 2025.
 */
function publicity(resources: Resources, name: string, arn: string): boolean | undefined {
  const urls = resources.ofType('AWS::Lambda::Url').map(({ read }) => read(urlShape))
  if (
    !urls.some(({ TargetFunctionArn }) => TargetFunctionArn === arn || TargetFunctionArn === name)
  )
    return undefined
  const actions = resources
    .ofType('AWS::Lambda::Permission')
    .map(({ read }) => read(permissionShape))
    .filter(
      ({ FunctionName, Principal }) =>
        (FunctionName === arn || FunctionName === name) && Principal === '*',
    )
    .map(({ Action }) => Action)
  return actions.includes('lambda:InvokeFunctionUrl') && actions.includes('lambda:InvokeFunction')
}
