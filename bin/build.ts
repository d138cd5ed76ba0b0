import { buildFunctions } from './build/functions.ts'
import { buildPackage } from './build/package.ts'

/*
 * What is packed: the functions, the command, the construct and the CDK app, each without a need
 * for anything to be installed but the CDK, by who deploys.
 */
await Promise.all([buildFunctions(), buildPackage()])
