import { ArnFormat, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { Settings } from './settings.ts'

/**
 * What reaches the operator by e-mail. SNS asks the address to confirm before it sends anything.
 */
export class OperatorTopic extends Topic {
  constructor(scope: Construct, id: string, { admin }: Pick<Settings, 'admin'>) {
    super(scope, id, { displayName: Stack.of(scope).stackName, enforceSSL: true })
    this.addSubscription(new EmailSubscription(admin))
    this.addToResourcePolicy(alarmsMayPublish(this))
  }
}

/**
 * A topic without a policy takes alarms of its account. One with a policy, as TLS needs it, takes
 * only what the policy says.
 */
function alarmsMayPublish(topic: Topic): PolicyStatement {
  const { account } = Stack.of(topic)
  const alarms = Stack.of(topic).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  return new PolicyStatement({
    sid: 'AlarmsMayPublish',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': alarms },
    },
  })
}
