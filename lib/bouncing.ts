import { Duration } from 'aws-cdk-lib'
import { FilterOrPolicy, type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Tables } from './tables.ts'

export type BouncingProps = {
  readonly tables: Tables
  /** Where SES tells which mails did not arrive, among the alarms. */
  readonly operator: ITopic
}

/** Keeps addresses that bounce or complain from being mailed again. */
export class Bouncing extends Construct {
  readonly bounce: Handler<'Bounce'>

  constructor(scope: Construct, id: string, { tables, operator }: BouncingProps) {
    super(scope, id)
    this.bounce = new Handler(this, 'Bounce', {
      granted: { Journal: tables.journal },
      timeout: Duration.seconds(30),
    })
    const filterPolicyWithMessageBody = {
      eventType: FilterOrPolicy.filter(
        SubscriptionFilter.stringFilter({ allowlist: ['Bounce', 'Complaint'] }),
      ),
    }
    operator.addSubscription(new LambdaSubscription(this.bounce, { filterPolicyWithMessageBody }))
  }
}
