import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { tables, type TableKeys, type TableName } from '../lambdas/store/keys.ts'
import type { Settings } from './settings.ts'

/**
 * The six tables. `Table` and not `TableV2`: a global table brings nothing to one region, and this
 * one deploys as `AWS::DynamoDB::Table`, which every tool that reads templates knows.
 */
export class Tables extends Construct {
  readonly registry: Table
  readonly heartbeats: Table
  readonly lookups: Table
  readonly journal: Table
  readonly operations: Table
  readonly sessions: Table

  constructor(scope: Construct, id: string, { throwAway }: Pick<Settings, 'throwAway'>) {
    super(scope, id)
    const make = (name: TableName) => makeTable(this, name, throwAway)
    this.registry = make('Registry')
    this.heartbeats = make('Heartbeats')
    this.lookups = make('Lookups')
    this.journal = make('Journal')
    this.operations = make('Operations')
    this.sessions = make('Sessions')
  }
}

function makeTable(scope: Construct, name: TableName, throwAway: boolean): Table {
  const keys: TableKeys = tables[name]
  return new Table(scope, name, {
    partitionKey: { name: keys.partitionKey, type: AttributeType.STRING },
    ...(keys.sortKey === undefined
      ? {}
      : { sortKey: { name: keys.sortKey, type: AttributeType.STRING } }),
    ...(keys.hasStream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
    ...(keys.ttl === undefined ? {} : { timeToLiveAttribute: keys.ttl }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !throwAway,
    removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  })
}
