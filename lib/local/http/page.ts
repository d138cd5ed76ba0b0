import type { KeptProject } from '../data/data-folder.ts'
import type { OutgoingRequest } from '../internet/outgoing-requests.ts'
import type { SentMail } from '../services/mailbox.ts'
import { withEntities } from '../../../lambdas/domain/wire/entities.ts'

export type Shown = {
  readonly project: Pick<KeptProject, 'email'>
  readonly mails: readonly SentMail[]
  readonly outgoing: readonly OutgoingRequest[]
}

const MOST_REQUESTS = 100
const MOST_BODY_LENGTH = 5000

/**
 * The page at the root of a local stack: what runs there, how to use it, and what would have been
 * sent so far. Keys stand in the terminal only.
 */
export function page(baseUrl: string, { project, mails, outgoing }: Shown): string {
  const create = `curl -s ${baseUrl}/api/v3/checks/ -H 'X-Api-Key: <API key>' -d '{"name": "nightly backup", "timeout": 86400, "grace": 3600, "channels": "*"}'`
  const rows = mails.map(
    ({ sentAt, to, subject }) =>
      `<tr><td>${escaped(sentAt)}<td>${escaped(to.join(', '))}<td>${escaped(subject)}`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Overdue on this machine</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em } pre { overflow-x: auto } td { padding-right: 2em; overflow-wrap: anywhere } td pre { margin: 0; white-space: pre-wrap }</style>
<h1>Overdue runs on this machine</h1>
<p>Jobs ping <code>${baseUrl}/ping/&lt;uuid&gt;</code>. The management API is at <code>${baseUrl}/api/v3/</code>. Create a check:</p>
<pre>${escaped(create)}</pre>
<p>Alerts of the first project go to ${escaped(project.email)}. Nothing is sent: <a href="/_local/mail">all mails as JSON</a>.</p>
<table>${rows.join('\n')}</table>
<p>Nothing else leaves this machine either: <a href="/_local/outgoing">all requests as JSON</a>, the latest ${MOST_REQUESTS} here.</p>
<table>${outgoing.slice(-MOST_REQUESTS).map(requestRow).join('\n')}</table>
`
}

function requestRow({ sentAt, method, url, body, answer }: OutgoingRequest): string {
  const outcome = 'error' in answer ? answer.error : answer.status.toString()
  const shown = body.length > MOST_BODY_LENGTH ? `${body.slice(0, MOST_BODY_LENGTH)}…` : body
  const cells = [sentAt, `${method} ${url}`, outcome].map((text) => `<td>${escaped(text)}`)
  return `<tr>${cells.join('')}<tr><td><td colspan="2"><pre>${escaped(shown)}</pre>`
}

function escaped(text: string): string {
  return withEntities(text).replaceAll('"', '&quot;')
}
