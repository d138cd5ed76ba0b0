import { html } from 'hono/html'
import type { DigestLine, DigestMessage, DigestSection } from '../../domain/telling/digest.ts'
import { background, line as rule, quiet } from './email-style.ts'
import { inMailFrame } from './mail-frame.ts'

/**
 * The digest for everything that shows HTML, under the same terms as the mail of one alert. Lines
 * are short, because there may be many.
 */
export async function digestHtmlOf(message: DigestMessage): Promise<string> {
  const { subject, status, overline, title, summary, reason, caution, sections } = message
  const notes = [reason, caution].filter((note) => note !== '')
  return inMailFrame(
    { subject, status, overline, title: summary, summary: title },
    html`${notes.map((note) => html`<div style="margin-top:16px">${note}</div>`)}
    ${sections.map(section)}`,
  )
}

function section({ status, heading, lines, more }: DigestSection) {
  return html`<div style="margin:22px 0 8px;font-weight:600">
      <span
        style="display:inline-block;width:10px;height:10px;border-radius:5px;background:${background[status]}"
      ></span>
      ${heading} <span style="font-weight:400;${quiet}">${lines.length + more}</span>
    </div>
    ${lines.map(entry)}${more === 0 ? '' : html`<div style="padding:10px 0;border-top:1px solid ${rule};${quiet}">and ${more} more</div>`}`
}

function entry({ title, note }: DigestLine) {
  return html`<div style="padding:7px 0;border-top:1px solid ${rule};word-break:break-word">
    <b>${title}</b>
    <div style="font-size:13px;${quiet}">${note}</div>
  </div>`
}
