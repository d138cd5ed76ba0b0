import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import zoneData from '../lambdas/domain/schedule/zone-data.json' with { type: 'json' }
import { Alarms } from './alarms.ts'
import { Alerting } from './alerting.ts'
import { Bouncing } from './bouncing.ts'
import { Dashboard } from './dashboard.ts'
import { Drilling } from './drilling.ts'
import { Front } from './front.ts'
import { Management } from './management.ts'
import { OperatorTopic } from './operator-topic.ts'
import type { Outputs } from './outputs.ts'
import { Pinging } from './pinging.ts'
import { queueOutputs } from './queues.ts'
import { Receiving } from './receiving.ts'
import { Recording } from './recording.ts'
import { DEFAULT_NAME, type Settings } from './settings.ts'
import { Replaying, Spilling } from './spilling.ts'
import { Sweeping } from './sweeping.ts'
import { Syncing } from './syncing.ts'
import { Tables } from './tables.ts'

/** All of Overdue, one construct for each capability. */
export class OverdueStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: 'Overdue: watches scheduled jobs, and mails when a ping is overdue',
    })
    // CDK has a function wait for its role beside the role's policies; cfn-lint says (W3005) that
    // it waits for the role anyway.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } }
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
    alerting.knowApi(management.url)
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
        `npx overdue project create --name "First project" --email ${settings.admin}${this.stackName === DEFAULT_NAME ? '' : ` --stack ${this.stackName}`}`,
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
    }
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description })
  }
}
