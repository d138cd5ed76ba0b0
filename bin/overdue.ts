#!/usr/bin/env node
import { App } from 'aws-cdk-lib'
import { OverdueStack } from '../lib/overdue-stack.ts'
import { readSettings, SettingError } from '../lib/settings.ts'

const app = new App()
try {
  const settings = readSettings((name) => app.node.tryGetContext(name))
  new OverdueStack(app, settings.name, settings)
} catch (error) {
  if (!(error instanceof SettingError)) throw error
  console.error(`overdue: ${error.message}`)
  process.exit(1)
}
