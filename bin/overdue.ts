#!/usr/bin/env node
import { App } from 'aws-cdk-lib'
import { OverdueStack } from '../lib/overdue-stack.ts'
import { readSettings, SettingError } from '../lib/settings.ts'

const app = new App()
try {
  new OverdueStack(
    app,
    'Overdue',
    readSettings((name) => app.node.tryGetContext(name)),
  )
} catch (error) {
  if (!(error instanceof SettingError)) throw error
  console.error(`overdue: ${error.message}`)
  process.exit(1)
}
