import { z } from 'zod'
import { resolve, type IntrinsicScope } from './intrinsics.ts'
import { StartError } from '../start-error.ts'

export const region = 'us-east-1'
export const account = '000000000000'

/** A CloudFormation template, as far as the local stack reads it. */
export const templateShape = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
      Condition: z.string().optional(),
    }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Description: z.string().optional() }))
    .default({}),
})

export type Template = z.infer<typeof templateShape>

/** One resource of the template, with its name on the local stack. */
export type Resource = {
  readonly logicalId: string
  readonly type: string
  readonly name: string
  readonly arn: string
  /**
   * Its properties, with all references resolved.
   * @throws StartError when the local stack can't play properties of this shape.
   */
  readonly read: <Value>(shape: z.ZodType<Value>) => Value
}

/** Where the local stack answers. References in the template lead there. */
export type Places = {
  readonly baseUrl: string
  readonly awsEndpoint: string
  /** Where the internet is played. */
  readonly internetEndpoint: string
}

/** The template's resources, with references resolved to their names on the local stack. */
export class Resources {
  readonly all: readonly Resource[]
  readonly #scope: IntrinsicScope

  constructor(template: Template, places: Places) {
    const byId = new Map<string, Resource>()
    this.#scope = {
      ref: (id) =>
        pseudoParameter(id) ?? template.Parameters[id]?.Default ?? refOf(found(byId, id), places),
      attribute: (id, name) => attributeOf(found(byId, id), name, places),
      condition: (name) => template.Conditions[name],
    }
    const names = localNames(template)
    for (const [logicalId, { Type: type, Properties, Condition }] of Object.entries(
      template.Resources,
    )) {
      if (Condition !== undefined && resolve({ Condition }, this.#scope) !== true) continue
      const name = names.get(logicalId) ?? logicalId
      const resource = { logicalId, type, name, arn: arnOf(type, name) }
      byId.set(logicalId, {
        ...resource,
        read: (shape) => readAs(shape, resolve(Properties, this.#scope), resource),
      })
    }
    this.all = [...byId.values()]
  }

  ofType(...types: readonly string[]): readonly Resource[] {
    return this.all.filter(({ type }) => types.includes(type))
  }

  resolve(value: unknown): unknown {
    return resolve(value, this.#scope)
  }
}

function readAs<Value>(
  shape: z.ZodType<Value>,
  properties: unknown,
  { type, logicalId }: Pick<Resource, 'type' | 'logicalId'>,
): Value {
  const { success, data, error } = shape.safeParse(properties)
  if (success) return data
  const issues = error.issues.map(({ path, message }) => [...path.map(String), message].join(': '))
  throw new StartError(`the local stack cannot play ${type} (${logicalId}): ${issues.join('; ')}`)
}

function found(byId: ReadonlyMap<string, Resource>, logicalId: string): Resource {
  const resource = byId.get(logicalId)
  if (resource === undefined)
    throw new StartError(`the template refers to ${logicalId}, which it does not have`)
  return resource
}

function pseudoParameter(name: string): string | undefined {
  const known: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'Overdue',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Overdue/local`,
  }
  return known[name]
}

/**
 * The resources' names on the local stack. A resource is named after its construct; where two of
 * one type have the same name, after the whole path below the stack.
 */
function localNames(template: Template): ReadonlyMap<string, string> {
  const paths = Object.entries(template.Resources).map(([id, { Type, Metadata }]) => {
    const path = (z.string().optional().parse(Metadata['aws:cdk:path']) ?? id).split('/')
    return { id, type: Type, path: path.at(-1) === 'Resource' ? path.slice(0, -1) : path }
  })
  return new Map(
    paths.map(({ id, type, path }) => {
      const last = path.at(-1) ?? id
      const isUnique =
        paths.filter((other) => other.type === type && other.path.at(-1) === last).length === 1
      const name = isUnique ? last : path.slice(1).join('-')
      // A function has the name of its file in `lambdas`.
      return [
        id,
        type === 'AWS::Lambda::Function' ? name.charAt(0).toLowerCase() + name.slice(1) : name,
      ]
    }),
  )
}

const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::SNS::Topic': (name) => `arn:aws:sns:${region}:${account}:${name}`,
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
}

function arnOf(type: string, name: string): string {
  return (
    arns[type]?.(name) ??
    `arn:aws:${type.split('::').slice(1).join(':').toLowerCase()}:${region}:${account}:${name}`
  )
}

function refOf(resource: Resource, { awsEndpoint }: Places): unknown {
  switch (resource.type) {
    case 'AWS::SQS::Queue':
      return `${awsEndpoint}/${account}/${resource.name}`
    case 'AWS::SNS::Topic':
      return resource.arn
    case 'AWS::SES::EmailIdentity':
      return resource.read(z.object({ EmailIdentity: z.string() })).EmailIdentity
    default:
      return resource.name
  }
}

function attributeOf(resource: Resource, attribute: string, { baseUrl }: Places): string {
  if (attribute === 'FunctionUrl') return `${baseUrl}/`
  if (attribute === 'StreamArn') return `${resource.arn}/stream/local`
  if (attribute === 'QueueName' || attribute === 'TopicName') return resource.name
  if (attribute.endsWith('Arn')) return resource.arn
  throw new Error(
    `the local stack does not know the attribute ${attribute} of ${resource.type} (${resource.logicalId})`,
  )
}
