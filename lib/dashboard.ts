import { Duration, Fn } from 'aws-cdk-lib'
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { busesOf, topicsOf } from './account-targets.ts'
import type { Front } from './front.ts'
import { Handler } from './handler.ts'
import type { Outputs } from './outputs.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

export type DashboardProps = Pick<
  Settings,
  | 'trustedFront'
  | 'alertTopics'
  | 'alertBuses'
  | 'webConcurrency'
  | 'historyDays'
  | 'logDays'
  | 'pingEmailDomain'
> & {
  readonly tables: Tables
  /** What carries it under the one name, if there is one. */
  readonly front: Front | undefined
  readonly pingEndpoint: string
  /** Where badges are: scheme and host of the API. */
  readonly apiUrl: string
  /** Where links that sign in and verify, and tests of channels, are sent from. */
  readonly requests: Queue
}

/** The pages. They ask everybody to sign in, and for the role that a page takes, themselves. */
export class Dashboard extends Construct {
  readonly web: Handler<'Web'>
  readonly functionUrl: FunctionUrl
  /** Where the pages begin, with a slash at its end. */
  readonly url: string
  readonly outputs: Outputs

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    const { tables, front, pingEndpoint, apiUrl, requests, trustedFront, webConcurrency } = props
    const { alertTopics, alertBuses, logDays, historyDays, pingEmailDomain } = props
    this.web = new Handler(this, 'Web', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Operations: tables.operations,
        Sessions: tables.sessions,
        Requests: requests,
      },
      environment: {
        PING_ENDPOINT: pingEndpoint,
        API_URL: apiUrl,
        LOG_DAYS: logDays.toString(),
        HISTORY_DAYS: Math.max(logDays, historyDays).toString(),
        ...(alertTopics.length === 0
          ? {}
          : { TOPIC_ARNS: topicsOf(this, alertTopics).arns.join(',') }),
        ...(alertBuses.length === 0 ? {} : { BUS_ARNS: busesOf(this, alertBuses).arns.join(',') }),
        ...(pingEmailDomain === undefined ? {} : { PING_EMAIL_DOMAIN: pingEmailDomain }),
        ...(trustedFront === undefined ? {} : { TRUSTED_FRONT: trustedFront }),
        ...front?.environment,
      },
      timeout: Duration.seconds(30),
      // A page is rendered by processor time, which comes with memory: somebody waits for it.
      memoryMegabytes: 1024,
      ...(webConcurrency === undefined
        ? {}
        : { limits: { reservedConcurrentExecutions: webConcurrency } }),
    })
    this.functionUrl = this.web.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    const root = front === undefined ? this.functionUrl.url : `${front.root}/`
    this.url = Fn.join('', [root, 'app/'])
    this.outputs = {
      Dashboard: [this.url, 'The pages; npx overdue user add lets people in'],
    }
  }
}
