import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import zoneData from '../lambdas/domain/schedule/zone-data.json' with { type: 'json' }
import { Alarms } from './alarms.ts'
import { Alerting } from './alerting.ts'
import { Bouncing } from './bouncing.ts'
import { Dashboard } from './dashboard.ts'
import { Drilling } from './drilling.ts'
import { Front } from './front.ts'
import { Management } from './management.ts'
import { Mirroring } from './mirroring.ts'
import { OperatorTopic } from './operator-topic.ts'
import type { Outputs } from './outputs.ts'
import { Pinging } from './pinging.ts'
import { queueOutputs } from './queues.ts'
import { Receiving } from './receiving.ts'
import { Recording } from './recording.ts'
import type { OverdueProps } from './props.ts'
import { DEFAULT_NAME, readSettings } from './settings.ts'
import { Replaying, Spilling } from './spilling.ts'
import { Sweeping } from './sweeping.ts'
import { Syncing } from './syncing.ts'
import { Tables } from './tables.ts'

export type OverdueTables = Readonly<
  Record<'registry' | 'heartbeats' | 'lookups' | 'journal' | 'operations' | 'sessions', Table>
>

/**
 * All of Overdue, one construct for each capability. A stack holds one of them; an account and
 * region as many stacks as one likes.
 */
export class Overdue extends Construct {
  /** Where jobs ping: this, a slash, and the UUID of the check. */
  readonly pingEndpoint: string
  /** Where the newest version of the management API begins, with a slash at its end. */
  readonly apiRoot: string
  /** What the operator's alarms are sent to. */
  readonly alarmTopic: ITopic
  readonly tables: OverdueTables

  /** @throws SettingError, about the first of the props that is missing or malformed. */
  constructor(scope: Construct, id: string, props: OverdueProps) {
    super(scope, id)
    const settings = readSettings({ ...props })
    const { stackName } = onlyOneIn(this)
    const tables = new Tables(this, 'Tables', settings)
    const operator = new OperatorTopic(this, 'Operator', settings)
    const front = settings.oneName && new Front(this, 'Front', settings.oneName)
    const spilling = new Spilling(this, 'Spilling')
    const pinging = new Pinging(this, 'Pinging', {
      ...settings,
      tables,
      front,
      spill: spilling.queue,
    })
    const replaying = new Replaying(this, 'Replaying', {
      ...settings,
      tables,
      spill: spilling.queue,
      provision: pinging.provision,
    })
    const { pingEmailDomain: domain } = settings
    const receiving =
      domain === undefined
        ? undefined
        : new Receiving(this, 'Receiving', { ...settings, tables, domain })
    const syncing = new Syncing(this, 'Syncing', { tables })
    const { source } = settings
    const mirroring = source && new Mirroring(this, 'Mirroring', { tables, source })
    const recording = new Recording(this, 'Recording', { ...settings, tables })
    const alerting = new Alerting(this, 'Alerting', {
      ...settings,
      tables,
      operator,
      pingEndpoint: pinging.endpoint,
    })
    const management = new Management(this, 'Management', {
      ...settings,
      tables,
      front,
      pingEndpoint: pinging.endpoint,
      requests: alerting.requests,
    })
    // An output has the name that would be plainer.
    const dashboard = settings.dashboard
      ? new Dashboard(this, 'Pages', {
          ...settings,
          tables,
          front,
          pingEndpoint: pinging.endpoint,
          apiUrl: management.url,
          requests: alerting.requests,
        })
      : undefined
    alerting.know({ apiUrl: management.url, dashboardUrl: dashboard?.url })
    const frontOutputs = front?.carry({
      pings: pinging.functionUrl,
      api: management.functionUrl,
      pages: dashboard?.functionUrl,
    })
    const sweeping = new Sweeping(this, 'Sweeping', {
      ...settings,
      tables,
      flips: alerting.flips,
      spill: spilling.queue,
      pinging,
    })
    const drilling = new Drilling(this, 'Drilling', { tables, flips: alerting.flips })
    const bouncing = new Bouncing(this, 'Bouncing', { tables, operator })
    new Alarms(this, 'Alarms', {
      operator,
      pinging,
      spilling,
      replaying,
      management,
      dashboard,
      syncing,
      mirroring,
      recording,
      alerting,
      bouncing,
      sweeping,
      drilling,
      receiving,
    })
    const outputs: Outputs = {
      PingEndpoint: [pinging.endpoint, 'Where jobs ping: this, a slash, and the UUID of the check'],
      ApiRoot: [management.apiRoot, 'Where the management API begins'],
      FirstProject: [
        `npx overdue project create --name "First project" --email ${settings.admin}${stackName === DEFAULT_NAME ? '' : ` --stack ${stackName}`}`,
        'What makes a project, its API keys, and a channel to that address',
      ],
      TimeZoneData: [
        zoneData.version,
        'The release of the IANA time zone data that schedules are judged by',
      ],
      RegistryTable: [tables.registry.tableName, "The source of truth, for the operator's command"],
      LookupsTable: [tables.lookups.tableName, "What pings look up, for the operator's command"],
      JournalTable: [tables.journal.tableName, "The log of checks, for the operator's command"],
      HeartbeatsTable: [
        tables.heartbeats.tableName,
        "The state of all checks, for the operator's command",
      ],
      ...queueOutputs({
        Flips: alerting.flips,
        Deliveries: alerting.deliveries,
        Webhooks: alerting.webhooks,
        Requests: alerting.requests,
        Spill: spilling.queue,
      }),
      SyncFunction: [
        syncing.sync.functionName,
        "What compares all heartbeats with the registry, for the operator's command",
      ],
      ...frontOutputs,
      ...management.outputs,
      ...dashboard?.outputs,
      ...alerting.mail.outputs,
      ...receiving?.outputs,
      ...mirroring?.outputs,
    }
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name)
    this.pingEndpoint = pinging.endpoint
    this.apiRoot = management.apiRoot
    this.alarmTopic = operator
    const { registry, heartbeats, lookups, journal, operations, sessions } = tables
    this.tables = { registry, heartbeats, lookups, journal, operations, sessions }
  }
}

/** The stack that it is in. Its outputs, by which the command finds it, have one name a stack. */
function onlyOneIn(overdue: Overdue): Stack {
  const stack = Stack.of(overdue)
  const other = stack.node.findAll().find((each) => each !== overdue && each instanceof Overdue)
  if (other !== undefined)
    throw new Error(
      `the stack ${stack.stackName} holds Overdue already, as ${other.node.path}; make another stack for the next`,
    )
  return stack
}
