import { type App, Stack } from 'aws-cdk-lib'
import { Overdue } from './overdue.ts'
import type { OverdueProps } from './props.ts'

/** A stack with Overdue in it, and nothing else. */
export class OverdueStack extends Stack {
  constructor(app: App, name: string, props: OverdueProps) {
    super(app, name, {
      description: 'Overdue: watches scheduled jobs, and mails when a ping is overdue',
    })
    // CDK has a function wait for its role beside the role's policies; cfn-lint says (W3005) that
    // it waits for the role anyway.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } }
    new Overdue(this, 'Overdue', props)
  }
}
