import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { OverdueStack } from '../lib/overdue-stack.ts'
import type { Fixed } from './cost-model.ts'

/** What the stack as it deploys by default has that costs by the month. */
export function countFixed(): Fixed {
  const app = new App()
  const props = { sender: 'alerts@example.com', admin: 'you@example.com' }
  const template = Template.fromStack(new OverdueStack(app, 'Overdue', props))
  const feeds = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'))
  return {
    alarms: Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length,
    // Of those that are counted from logs, the one that each run of the sweep adds to. The others
    // are paid for hours with trouble in them.
    metrics: 1,
    // Streams have a place to start from, queues have not.
    polledQueues: feeds.filter(({ Properties }) => !('StartingPosition' in (Properties as object)))
      .length,
  }
}
