import { Duration, Fn } from 'aws-cdk-lib'
import { ApplicationLogLevel, type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Front } from './front.ts'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

export type PingingProps = Pick<
  Settings,
  'unknownPings' | 'pingBodyLimit' | 'logDays' | 'trustedFront' | 'pingConcurrency' | 'pingRate'
> & {
  readonly tables: Tables
  /** What carries it under the one name, if there is one. */
  readonly front: Front | undefined
  /** Where pings wait that can't be recorded when they come. */
  readonly spill: Queue
}

/**
 * Takes pings, from anybody who has the URL; and makes the checks that pings by slug ask for, in a
 * function that only pings call.
 */
export class Pinging extends Construct {
  readonly ping: Handler<'Ping'>
  readonly provision: Handler<'Provision'>
  /** Where ping URLs begin: a check's is this, a slash, and its UUID. */
  readonly endpoint: string
  readonly functionUrl: FunctionUrl

  constructor(scope: Construct, id: string, props: PingingProps) {
    super(scope, id)
    const {
      tables,
      front,
      spill,
      unknownPings,
      pingBodyLimit,
      logDays,
      trustedFront,
      pingConcurrency,
      pingRate,
    } = props
    this.provision = new Handler(this, 'Provision', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
      },
      // Less than a ping has: the ping is to be recorded afterwards.
      timeout: Duration.seconds(12),
    })
    this.ping = new Handler(this, 'Ping', {
      granted: {
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Provision: this.provision,
        Spill: spill,
      },
      environment: {
        UNKNOWN_PINGS: unknownPings,
        PING_BODY_LIMIT: pingBodyLimit.toString(),
        PING_RATE: pingRate.toString(),
        LOG_DAYS: logDays.toString(),
        ...(trustedFront === undefined ? {} : { TRUSTED_FRONT: trustedFront }),
        ...front?.environment,
      },
      timeout: Duration.seconds(15),
      // A ping that went well leaves no line, whatever is written some day: a line costs half of
      // what the ping does.
      applicationLogLevel: ApplicationLogLevel.WARN,
      ...(pingConcurrency === undefined
        ? {}
        : { limits: { reservedConcurrentExecutions: pingConcurrency } }),
    })
    // No CORS settings: the function answers OPTIONS itself, and Lambda would answer in its place.
    this.functionUrl = this.ping.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    // Under a name of its own as hosted Healthchecks has it, a UUID right behind the host: the
    // shorter URL.
    this.endpoint = front === undefined ? Fn.join('', [this.functionUrl.url, 'ping']) : front.root
  }
}
