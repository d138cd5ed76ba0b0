#!/usr/bin/env node
import { type RunningStack, StartError, startStack } from '../lib/local/start.ts'

/**
 * The terminal sends Ctrl-C to npm and to this process, and npm hands it on: what follows at once
 * is the same key.
 */
const SAME_KEY_MS = 500
const PARENT_LOOK_MS = 500

/** How the welcome calls what plays DynamoDB. */
const engines: Readonly<Record<RunningStack['engine'], string>> = {
  binary: 'the embedded engine',
  model: 'the model in this process',
  endpoint: 'what DYNAMODB_ENDPOINT names',
}

const abort = new AbortController()
let stack: RunningStack | undefined
let stoppingSince: number | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
endWithParent()

try {
  stack = await startStack({
    env: process.env,
    report: console.log,
    signal: abort.signal,
  })
  if (abort.signal.aborted) await stack.stop()
  else console.log(welcome(stack))
} catch (error) {
  if (!abort.signal.aborted) {
    console.error(error instanceof StartError ? `overdue: ${error.message}` : error)
    process.exitCode = 1
  }
}

/** Ends in order; when asked a second time, at once. */
async function stop(): Promise<void> {
  if (stoppingSince === undefined) {
    stoppingSince = performance.now()
    abort.abort()
    await stack?.stop()
  } else if (performance.now() - stoppingSince > SAME_KEY_MS) {
    process.exit(130)
  }
}

/** npm may die without telling what it runs. */
function endWithParent(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && void stop(), PARENT_LOOK_MS).unref()
}

function welcome({ baseUrl, project, pingEmailDomain, engine }: RunningStack): string {
  const { apiKey, apiKeyReadonly, pingKey, email } = project
  return `
Overdue runs on this machine. Ctrl-C ends it.

  dashboard           ${baseUrl}/_local/sign-in, which signs you in as ${email}
  ping endpoint       ${baseUrl}/ping/<uuid>
  or by mail          <uuid>@${pingEmailDomain}, handed to ${mailPlace(baseUrl)}
  management API      ${baseUrl}/api/v3/
  API key             ${apiKey}
  read-only API key   ${apiKeyReadonly}
  ping key            ${pingKey}
  alerts go to        ${email}, which means to ${baseUrl}/_local/mail
  DynamoDB is         ${engines[engine]}

Create a check that is due every hour, ping it, and move the clock until it is overdue:

  UUID=$(curl -s ${baseUrl}/api/v3/checks/ -H 'X-Api-Key: ${apiKey}' -d '{"name": "nightly backup", "timeout": 3600, "grace": 300, "channels": "*"}' | grep -o '"uuid": *"[^"]*' | grep -o '[^"]*$')
  curl ${baseUrl}/ping/$UUID
  curl ${baseUrl}/_local/clock -d '{"advanceSeconds": 4000}' && curl ${baseUrl}/_local/mail
`
}

function mailPlace(baseUrl: string): string {
  const port = process.env['SMTP_PORT'] ?? ''
  return port === '' ? `${baseUrl}/_local/inbound (or set SMTP_PORT)` : `SMTP on 127.0.0.1:${port}`
}
