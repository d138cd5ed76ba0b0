import type { KeptProject } from '../data/data-folder.ts'
import type { SentMail } from '../services/mailbox.ts'

/**
 * The page at the root of a local stack: what runs there, how to use it, and the mails so far. Keys
 * stand in the terminal only.
 */
export function page(
  baseUrl: string,
  { email }: Pick<KeptProject, 'email'>,
  mails: readonly SentMail[],
): string {
  const create = `curl -s ${baseUrl}/api/v3/checks/ -H 'X-Api-Key: <API key>' -d '{"name": "nightly backup", "timeout": 86400, "grace": 3600, "channels": "*"}'`
  const rows = mails.map(
    ({ sentAt, to, subject }) =>
      `<tr><td>${escaped(sentAt)}<td>${escaped(to.join(', '))}<td>${escaped(subject)}`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Overdue on this machine</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em } pre { overflow-x: auto } td { padding-right: 2em }</style>
<h1>Overdue runs on this machine</h1>
<p>Jobs ping <code>${baseUrl}/ping/&lt;uuid&gt;</code>. The management API is at <code>${baseUrl}/api/v3/</code>. Create a check:</p>
<pre>${escaped(create)}</pre>
<p>Alerts of the first project go to ${escaped(email)}. Nothing is sent: <a href="/_local/mail">all mails as JSON</a>.</p>
<table>${rows.join('\n')}</table>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
