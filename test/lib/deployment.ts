import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { readFileSync } from 'node:fs'
import { OverdueStack } from '../../lib/overdue-stack.ts'
import { readContext } from '../../lib/settings.ts'

/**
 * The stack as it would be deployed, read by construct paths: `Tables/Heartbeats`, `Pinging/Ping`.
 */
export type Deployment = {
  readonly app: App
  readonly stack: OverdueStack
  /** Properties of the one resource of a construct. */
  readonly properties: (path: string) => Properties
  /** All resources of a type, by path. */
  readonly ofType: (type: string) => ReadonlyMap<string, Resource>
  readonly resources: readonly Resource[]
  /**
   * What a reference stands for: a path, with the attribute behind it unless it is the plain one.
   */
  readonly named: (reference: unknown) => string
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

export type Properties = Readonly<Record<string, unknown>>
export type Resource = {
  readonly Type: string
  readonly Properties: Properties
  readonly DeletionPolicy?: string
}
type FoundResource = Resource & { readonly Metadata?: Readonly<Record<string, string>> }

/** Settings by which a database says which checks there are. */
export const sourceSettings = {
  sourceVpc: 'vpc-0123456789abcdef0',
  sourceSubnets: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  sourceUrl: 'mysql://overdue@db.example.com/app',
  sourceResource: 'db-ABCDEFGHIJKL01234',
} as const

const made = new Map<string, Deployment>()

/**
 * The stack with these settings, synthesized once for all who ask, since that takes a second of
 * processor. Nobody changes it.
 */
export function deployment(given: Readonly<Record<string, unknown>> = {}): Deployment {
  const key = JSON.stringify([process.env['CDK_DEFAULT_REGION'], given])
  const found = made.get(key) ?? synthesized(given)
  made.set(key, found)
  return found
}

/**
 * Synthesizes with cdk.json's context. The code of the functions makes no difference here, and is
 * not copied.
 */
function synthesized(given: Readonly<Record<string, unknown>>): Deployment {
  const settings: Readonly<Record<string, unknown>> = {
    sender: 'alerts@example.com',
    admin: 'you@example.com',
    ...given,
  }
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
    readonly context: Readonly<Record<string, unknown>>
  }
  const app = new App({
    context: {
      ...context,
      'aws:cdk:disable-asset-staging': true,
      'aws:cdk:enable-path-metadata': true,
    },
  })
  const { name, props } = readContext((setting) => settings[setting])
  const stack = new OverdueStack(app, name, props)
  const template = Template.fromStack(stack).toJSON() as {
    readonly Resources: Readonly<Record<string, FoundResource>>
    readonly Outputs: Deployment['outputs']
  }
  const paths = new Map(
    Object.entries(template.Resources).map(([id, resource]) => [id, pathOf(resource)]),
  )
  const resources = new Map(
    Object.values(template.Resources).map((resource) => [pathOf(resource), resource]),
  )
  return {
    app,
    stack,
    properties: (path) => resources.get(path)?.Properties ?? notFound(path),
    ofType: (type) => new Map([...resources].filter(([, resource]) => resource.Type === type)),
    resources: [...resources.values()],
    named: (reference) => nameOf(reference, paths),
    outputs: template.Outputs,
  }
}

function pathOf({ Metadata }: FoundResource): string {
  return (Metadata?.['aws:cdk:path'] ?? '')
    .replace(/^[^/]+\/Overdue\//, '')
    .replace(/\/Resource$/, '')
}

function notFound(path: string): never {
  throw new Error(`no resource at ${path}`)
}

function nameOf(reference: unknown, paths: ReadonlyMap<string, string>): string {
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference as {
    Ref?: string
    'Fn::GetAtt'?: readonly [id: string, name: string]
  }
  if (ref !== undefined) return paths.get(ref) ?? ref
  if (attribute === undefined)
    return typeof reference === 'string' ? reference : JSON.stringify(reference)
  const [id, name] = attribute
  return `${paths.get(id) ?? id}${name === 'Arn' ? '' : ` ${name}`}`
}
