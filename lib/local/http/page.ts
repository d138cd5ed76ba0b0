import { withEntities } from '../../../lambdas/domain/wire/entities.ts'
import { durationInWords } from '../../../lambdas/domain/wire/words.ts'
import type { KeptProject } from '../data/data-folder.ts'
import type { OutgoingRequest } from '../internet/outgoing-requests.ts'
import type { SentMail } from '../services/mailbox.ts'
import { style } from './page-style.ts'

export type Shown = {
  readonly project: Pick<KeptProject, 'email'>
  readonly now: number
  readonly mails: readonly SentMail[]
  readonly outgoing: readonly OutgoingRequest[]
}

const MOST_SHOWN = 100
const MOST_BODY_LENGTH = 5000

/** How far the buttons of the page move the clock. */
const steps = [300, 3600, 86_400]

/**
 * The page of the local stack itself: its clock, and what would have been sent so far. Keys stand
 * in the terminal only.
 */
export function page(baseUrl: string, { project, now, mails, outgoing }: Shown): string {
  const create = `curl -s ${baseUrl}/api/v3/checks/ -H 'X-Api-Key: <API key>' -d '{"name": "nightly backup", "timeout": 86400, "grace": 3600, "channels": "*"}'`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Overdue on this machine</title>
<style>${style}</style>
<p><a href="/_local/sign-in">Dashboard</a>, signed in as ${escaped(project.email)}</p>
<h1>Overdue runs on this machine</h1>
<h2>Clock</h2>
<p>It is ${escaped(new Date(now).toUTCString())}. All of Overdue goes by this clock. Move it forward to see what becomes overdue:</p>
<form method="post" action="/_local/">${steps.map(clockButton).join(' ')}</form>
<h2>Mails</h2>
<p>Alerts of the first project go to ${escaped(project.email)}. Nothing is sent: the latest ${MOST_SHOWN} are here, <a href="/_local/mail">all as JSON</a>.</p>
${latest(mails, (mail) => mailEntry(mail, baseUrl))}
<h2>Requests</h2>
<p>Nothing else leaves this machine either: <a href="/_local/outgoing">all requests as JSON</a>, the latest ${MOST_SHOWN} here.</p>
${latest(outgoing, requestEntry)}
<h2>By hand</h2>
<p>Jobs ping <code>${baseUrl}/ping/&lt;uuid&gt;</code>. The management API is at <code>${baseUrl}/api/v3/</code>. Create a check:</p>
<pre tabindex="0">${escaped(create)}</pre>
`
}

function clockButton(seconds: number): string {
  const words = durationInWords(seconds * 1000)
  return `<button name="advanceSeconds" value="${seconds}">${words} later</button>`
}

/** The newest first. */
function latest<T>(all: readonly T[], entry: (each: T) => string): string {
  if (all.length === 0) return '<p>None yet.</p>'
  return `<ul>${all.slice(-MOST_SHOWN).toReversed().map(entry).join('\n')}</ul>`
}

function mailEntry({ sentAt, to, subject, text }: SentMail, baseUrl: string): string {
  const heading = `${escaped(subject)} <small>to ${escaped(to.join(', '))}, ${escaped(sentAt)}</small>`
  return `<li><details><summary>${heading}</summary><pre tabindex="0">${linked(shortened(text), baseUrl)}</pre></details>`
}

function requestEntry({ sentAt, method, url, body, answer }: OutgoingRequest): string {
  const outcome = 'error' in answer ? answer.error : answer.status.toString()
  const heading = `${escaped(`${method} ${url}`)} <small>${escaped(outcome)}, ${escaped(sentAt)}</small>`
  return `<li><details><summary>${heading}</summary><pre tabindex="0">${escaped(shortened(body))}</pre></details>`
}

function shortened(text: string): string {
  return text.length > MOST_BODY_LENGTH ? `${text.slice(0, MOST_BODY_LENGTH)}…` : text
}

/** Links of this machine can be followed, those to elsewhere stay text. */
function linked(text: string, baseUrl: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part) =>
      part.startsWith(`${baseUrl}/`)
        ? `<a href="${escaped(part)}">${escaped(part)}</a>`
        : escaped(part),
    )
    .join('')
}

function escaped(text: string): string {
  return withEntities(text).replaceAll('"', '&quot;')
}
