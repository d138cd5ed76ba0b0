import { buildFunctions } from './build/functions.ts'

/** The CDK app in a checkout, where the functions are built first. */
await buildFunctions()
await import('./app.ts')
