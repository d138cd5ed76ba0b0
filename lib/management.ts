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

export type ManagementProps = Pick<Settings, 'trustedFront' | 'alertTopics' | 'alertBuses'> & {
  readonly tables: Tables
  /** What carries it under the one name, if there is one. */
  readonly front: Front | undefined
  readonly pingEndpoint: string
  /** Where mails that verify addresses, and tests of channels, are sent from. */
  readonly requests: Queue
}

/** The management API. It asks every caller for an API key itself. */
export class Management extends Construct {
  readonly api: Handler<'Api'>
  /** Where the newest version of the API begins, with a slash at its end. */
  readonly apiRoot: string
  /** Scheme and host, with a slash at its end. */
  readonly url: string
  readonly functionUrl: FunctionUrl
  /** Where the API is besides, when it has kept its own name. */
  readonly outputs: Outputs

  constructor(scope: Construct, id: string, props: ManagementProps) {
    super(scope, id)
    const { tables, front, pingEndpoint, requests, trustedFront, alertTopics, alertBuses } = props
    this.api = new Handler(this, 'Api', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Operations: tables.operations,
        Requests: requests,
      },
      environment: {
        PING_ENDPOINT: pingEndpoint,
        ...(alertTopics.length === 0
          ? {}
          : { TOPIC_ARNS: topicsOf(this, alertTopics).arns.join(',') }),
        ...(alertBuses.length === 0 ? {} : { BUS_ARNS: busesOf(this, alertBuses).arns.join(',') }),
        ...(trustedFront === undefined ? {} : { TRUSTED_FRONT: trustedFront }),
        ...front?.environment,
        ...(front?.isApiOpen === true ? { OWN_NAME: 'open' } : {}),
      },
      timeout: Duration.seconds(30),
      // A list of some thousand checks is read, sorted and written as JSON in one go.
      memoryMegabytes: 512,
    })
    this.functionUrl = this.api.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    this.url = front === undefined ? this.functionUrl.url : `${front.root}/`
    this.apiRoot = Fn.join('', [this.url, 'api/v3/'])
    const ownRoot = Fn.join('', [this.functionUrl.url, 'api/v3/'])
    this.outputs =
      front?.isApiOpen === true
        ? { ApiOwnRoot: [ownRoot, 'Where the API begins for clients that the domain refuses'] }
        : {}
  }
}
