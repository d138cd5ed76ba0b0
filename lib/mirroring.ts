import { Duration, Validations } from 'aws-cdk-lib'
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Outputs } from './outputs.ts'
import { SourceAccess } from './source-access.ts'
import type { SourceSettings } from './source-settings.ts'
import type { Tables } from './tables.ts'
import { ScheduleTrigger } from './triggers.ts'

export type MirroringProps = { readonly tables: Tables; readonly source: SourceSettings }

/** Keeps the registry equal to a relational database, from inside the network of that. */
export class Mirroring extends Construct {
  readonly mirror: Handler<'Mirror'>
  readonly outputs: Outputs

  constructor(scope: Construct, id: string, { tables, source }: MirroringProps) {
    super(scope, id)
    const group = source.securityGroup ?? makeSecurityGroup(this, source)
    this.mirror = new Handler(this, 'Mirror', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Operations: tables.operations,
        Source: new SourceAccess(this, source),
      },
      network: { subnetIds: [...source.subnets], securityGroupIds: [group] },
      // A comparison reads all rows and all of their checks.
      timeout: Duration.minutes(15),
      memoryMegabytes: 512,
      // A run that failed is made up for by the next, which is at most a minute away.
      limits: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Lambda makes network interfaces, whose names nobody knows before',
    })
    new ScheduleTrigger(this, 'EachMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      handler: this.mirror,
      giveUpAfter: Duration.minutes(1),
    })
    new ScheduleTrigger(this, 'Daily', {
      // Away from the full hours, at which most jobs ping, and from the daily sync.
      schedule: ScheduleExpression.cron({ hour: '3', minute: '37' }),
      handler: this.mirror,
      input: { compare: true },
      giveUpAfter: Duration.hours(1),
    })
    this.outputs = {
      MirrorFunction: [
        this.mirror.functionName,
        "What mirrors the database, for the operator's command and for hooks of yours",
      ],
      OperationsTable: [
        tables.operations.tableName,
        "What the mirror could not take, for the operator's command",
      ],
      SourceSecurityGroup: [group, 'What the security group of the database has to let in'],
    }
  }
}

/** One that nothing gets into, and that lets out what the mirror asks: AWS, and the database. */
function makeSecurityGroup(scope: Construct, { vpc, access }: SourceSettings): string {
  const ports = access.kind === 'secret' ? Object.values(usualPorts) : [portOf(access.url)]
  const group = new CfnSecurityGroup(scope, 'SecurityGroup', {
    groupDescription: 'Overdue: what mirrors the checks of a database',
    vpcId: vpc,
    securityGroupEgress: [...new Set([443, ...ports])].map((port) => ({
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIp: '0.0.0.0/0',
      description: port === 443 ? 'AWS' : 'The database',
    })),
  })
  return group.attrGroupId
}

const usualPorts = { mysql: 3306, postgres: 5432 } as const

function portOf(text: string): number {
  const { protocol, port } = new URL(text)
  if (port !== '') return Number(port)
  return protocol.includes('postgres') ? usualPorts.postgres : usualPorts.mysql
}
