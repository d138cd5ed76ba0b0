import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Table } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  type FunctionOptions,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { join } from 'node:path'
import type { AccountTargets } from './account-targets.ts'
import { functionsFolder } from './functions-folder.ts'
import { type FunctionName, grants, platformGrants } from './grants.ts'
import type { Mailing } from './mailing.ts'
import type { SourceAccess } from './source-access.ts'

/** The constructs behind the names of a function's grants: exactly those, no more and no fewer. */
export type Granted<Name extends FunctionName> = {
  readonly [Resource in keyof (typeof grants)[Name]]: ConstructOf<Resource>
}

type ConstructOf<Resource> = Resource extends 'Mail'
  ? Mailing
  : Resource extends 'Provision'
    ? Handler<'Provision'>
    : Resource extends 'Inbox'
      ? Bucket
      : Resource extends 'Source'
        ? SourceAccess
        : Resource extends 'Topics' | 'Buses' | 'Metrics' | 'Account'
          ? AccountTargets
          : Resource extends
                'Flips' | 'Deliveries' | 'Webhooks' | 'Requests' | 'Spill' | `${string}DeadLetters`
            ? Queue
            : Table

export type HandlerProps<Name extends FunctionName> = {
  readonly granted: Granted<Name>
  readonly timeout: Duration
  /** Settings beyond the tables, queues and sender that come with the grants. */
  readonly environment?: Readonly<Record<string, string>>
  /** 256 is where a call to AWS is quickest for the money: at 128 it is slower and dearer. */
  readonly memoryMegabytes?: number
  readonly applicationLogLevel?: ApplicationLogLevel
  /** The part of a VPC that it runs in; without it, it has the internet. */
  readonly network?: { readonly subnetIds: string[]; readonly securityGroupIds: string[] }
  readonly limits?: Pick<
    FunctionOptions,
    'reservedConcurrentExecutions' | 'retryAttempts' | 'maxEventAge'
  >
}

/**
 * One function of `lambdas`, with a role that holds its grants and nothing else, and a log of its
 * own.
 */
export class Handler<Name extends FunctionName> extends LambdaFunction {
  constructor(scope: Construct, id: Name, props: HandlerProps<Name>) {
    const resources = Object.entries<Resource>(props.granted)
    const logGroup = makeLogGroup(scope, id)
    super(scope, id, {
      code: Code.fromAsset(join(functionsFolder, id.toLowerCase())),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes ?? 256,
      timeout: props.timeout,
      role: makeRole(scope, id, logGroup),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Lambda's own lines about an invocation that went well would cost more than the invocation.
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: props.applicationLogLevel ?? ApplicationLogLevel.INFO,
      // Our own calls need the end of AWS's names; the SDK knows the partitions by itself.
      environment: {
        ...environmentOf(resources),
        URL_SUFFIX: Stack.of(scope).urlSuffix,
        ...props.environment,
      },
      ...props.limits,
    })
    if (props.network !== undefined) {
      // CDK's own way takes more of a VPC than its subnets, and a managed policy.
      if (this.node.defaultChild instanceof CfnFunction)
        this.node.defaultChild.vpcConfig = props.network
      for (const statement of networkStatements(this)) this.addToRolePolicy(statement)
    }
    for (const statement of resources.map(([name, resource]) => grantOf(id, name, resource))) {
      if (statement !== undefined) this.addToRolePolicy(statement)
    }
  }

  /**
   * Counts an event that the function writes to its log. For what Lambda's own metrics don't show,
   * as a failure that was handled.
   * @param field of the event whose number is taken instead, the highest of a period
   */
  metricOfEvents(event: string, period: Duration, field?: string): Metric {
    const filter = new MetricFilter(this, event, {
      logGroup: this.logGroup,
      filterPattern: FilterPattern.stringValue('$.message.event', '=', event),
      metricNamespace: Stack.of(this).stackName,
      metricName: event,
      ...(field === undefined ? {} : { metricValue: `$.message.${field}` }),
    })
    return filter.metric({ statistic: field === undefined ? Stats.SUM : Stats.MAXIMUM, period })
  }
}

type Resource =
  Table | Queue | Bucket | Mailing | AccountTargets | SourceAccess | Handler<'Provision'>

function makeLogGroup(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, `${id}Log`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/**
 * Made here, because the roles that CDK makes hold a managed policy that lets them write every log
 * of the account.
 */
function makeRole(scope: Construct, id: string, logGroup: LogGroup): Role {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  })
  role.addToPolicy(
    new PolicyStatement({ actions: [...platformGrants.log], resources: [logGroup.logGroupArn] }),
  )
  return role
}

/**
 * What Lambda takes to put a function into a VPC. The code of the function may not use it: only
 * calls that come from there name the function as their source.
 */
function networkStatements(scope: Construct): readonly PolicyStatement[] {
  const anywhere = { actions: [...platformGrants.network], resources: ['*'] }
  const functions = { service: 'lambda', resource: 'function', resourceName: '*' }
  const arn = Stack.of(scope).formatArn({ ...functions, arnFormat: ArnFormat.COLON_RESOURCE_NAME })
  const conditions = { ArnLike: { 'lambda:SourceFunctionArn': arn } }
  return [
    new PolicyStatement(anywhere),
    new PolicyStatement({ ...anywhere, effect: Effect.DENY, conditions }),
  ]
}

/** A function is told of exactly what it is let into. */
function environmentOf(
  resources: readonly (readonly [name: string, resource: Resource])[],
): Record<string, string> {
  return Object.fromEntries(
    resources.flatMap(([name, resource]) =>
      Object.entries(variablesOf(name.toUpperCase(), resource)),
    ),
  )
}

function variablesOf(name: string, resource: Resource): Readonly<Record<string, string>> {
  if (resource instanceof Table) return { [`${name}_TABLE`]: resource.tableName }
  if (resource instanceof Queue) return { [`${name}_QUEUE_URL`]: resource.queueUrl }
  if (resource instanceof Bucket) return { [`${name}_BUCKET`]: resource.bucketName }
  if (resource instanceof Handler) return { [`${name}_FUNCTION`]: resource.functionName }
  return resource.environment
}

function grantOf(id: FunctionName, name: string, resource: Resource): PolicyStatement | undefined {
  const granted: Readonly<Record<string, readonly string[]>> = grants[id]
  const actions = [...(granted[name] ?? [])]
  if (resource instanceof Table)
    return new PolicyStatement({ actions, resources: [resource.tableArn] })
  if (resource instanceof Queue)
    return new PolicyStatement({ actions, resources: [resource.queueArn] })
  if (resource instanceof Bucket)
    return new PolicyStatement({ actions, resources: [resource.arnForObjects('*')] })
  if (resource instanceof Handler)
    return new PolicyStatement({ actions, resources: [resource.functionArn] })
  return resource.grantOf(actions)
}
