import { App } from 'aws-cdk-lib'
import cdk from '../cdk.json' with { type: 'json' }
import { OverdueStack } from '../lib/overdue-stack.ts'
import { readContext, SettingError } from '../lib/settings.ts'

/*
 * The CDK app as it is packed, with the functions built: reads settings, makes the stack. It brings
 * the feature flags of cdk.json along, so that the template is the same wherever it is run.
 */
const app = new App({ context: cdk.context })
try {
  const { name, props } = readContext((setting) => app.node.tryGetContext(setting))
  new OverdueStack(app, name, props)
} catch (error) {
  if (!(error instanceof SettingError)) throw error
  console.error(`overdue: ${error.message}`)
  process.exit(1)
}
