import { Duration, Fn } from 'aws-cdk-lib'
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

export type ManagementProps = Pick<Settings, 'trustedFront'> & {
  readonly tables: Tables
  readonly pingEndpoint: string
}

/** The management API. It asks every caller for an API key itself. */
export class Management extends Construct {
  readonly api: Handler<'Api'>
  /** Where the newest version of the API begins, with a slash at its end. */
  readonly apiRoot: string

  constructor(scope: Construct, id: string, { tables, pingEndpoint, trustedFront }: ManagementProps) {
    super(scope, id)
    this.api = new Handler(this, 'Api', {
      granted: { Registry: tables.registry, Heartbeats: tables.heartbeats, Lookups: tables.lookups, Journal: tables.journal },
      environment: { PING_ENDPOINT: pingEndpoint, ...(trustedFront === undefined ? {} : { TRUSTED_FRONT: trustedFront }) },
      timeout: Duration.seconds(30),
      // A list of some thousand checks is read, sorted and written as JSON in one go.
      memoryMegabytes: 512,
    })
    const { url } = this.api.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    this.apiRoot = Fn.join('', [url, 'api/v3/'])
  }
}
