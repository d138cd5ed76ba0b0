// What `npm start` runs: plain JavaScript, so that a Node that cannot run the rest says what is
// missing.
import console from 'node:console'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { URL } from 'node:url'

const missing = missingPart()
if (missing === undefined) {
  await import('./local.ts')
} else {
  console.error(`overdue: ${missing}`)
  process.exitCode = 1
}

function missingPart() {
  if (!existsSync(new URL('../node_modules/aws-cdk-lib', import.meta.url)))
    return 'its packages are missing; run npm ci first'
  if (process.features.typescript !== 'strip') {
    return `Node ${process.versions.node} cannot run this; npm ci brings Node 24 along, unless with --ignore-scripts or --omit=dev`
  }
}
