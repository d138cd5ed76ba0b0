import { z } from 'zod'
import { fitsPattern } from '../feeds/event-pattern.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import type { Resources } from './resources.ts'

/** A function's subscription to a topic, with its filter. Subscribed addresses get nothing here. */
export type Subscription = {
  readonly topicArn: string
  readonly functionArn: string
  readonly pattern: unknown
}

/** The topic to which SES publishes events of mails that were sent with a configuration set. */
export type MailEventTarget = {
  readonly configurationSet: string
  readonly eventTypes: readonly string[]
  readonly topicArn: string
}

const subscriptionShape = z.object({
  Protocol: z.literal(['lambda', 'email']),
  TopicArn: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.literal('MessageBody').optional(),
})

export function readSubscriptions(resources: Resources): readonly Subscription[] {
  const all = resources.ofType('AWS::SNS::Subscription').map(({ read }) => read(subscriptionShape))
  return all
    .filter(({ Protocol }) => Protocol === 'lambda')
    .map(({ TopicArn, Endpoint, FilterPolicy }) => ({
      topicArn: TopicArn,
      functionArn: Endpoint,
      pattern: FilterPolicy ?? {},
    }))
}

const targetShape = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.object({
    Enabled: z.literal(true),
    MatchingEventTypes: z.array(z.string()),
    SnsDestination: z.object({ TopicARN: z.string() }),
  }),
})

export function readMailEventTargets(resources: Resources): readonly MailEventTarget[] {
  return resources.ofType('AWS::SES::ConfigurationSetEventDestination').map(({ read }) => {
    const { ConfigurationSetName: configurationSet, EventDestination } = read(targetShape)
    return {
      configurationSet,
      eventTypes: EventDestination.MatchingEventTypes,
      topicArn: EventDestination.SnsDestination.TopicARN,
    }
  })
}

/** Hands a message to the functions that subscribe to a topic. */
export function publishToTopic(
  { topicArn, message }: { readonly topicArn: string; readonly message: object },
  subscriptions: readonly Subscription[],
  functions: ReadonlyMap<string, LocalFunction>,
): void {
  for (const { functionArn } of subscriptions.filter(
    (each) => each.topicArn === topicArn && fitsPattern(each.pattern, message),
  )) {
    const target = [...functions.values()].find(({ definition }) => definition.arn === functionArn)
    const record = {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      Sns: { TopicArn: topicArn, Message: JSON.stringify(message) },
    }
    void target?.invoke({ Records: [record] }, 'call')
  }
}
