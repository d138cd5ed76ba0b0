import { html } from 'hono/html'
import type { DigestLine, DigestMessage, DigestSection } from '../domain/digest.ts'
import { background, font, line as rule, quiet } from './email-style.ts'

/** The digest for everything that shows HTML, under the same terms as the mail of one alert. A line is short: there may be many. */
export async function digestHtmlOf(message: DigestMessage): Promise<string> {
  const { subject, status, title, summary, caution, sections } = message
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:0;${font};font-size:15px;line-height:1.45">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
          <tr>
            <td align="center" style="padding:16px 12px">
              <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left">
                <tr>
                  <td style="padding:18px 20px;border-radius:8px;background:${background[status]};color:#ffffff">
                    <div style="font-size:13px;font-weight:700;letter-spacing:0.08em">MANY AT ONCE</div>
                    <div style="margin-top:2px;font-size:22px;font-weight:600;line-height:1.25;word-break:break-word">${summary}</div>
                    <div style="margin-top:8px;word-break:break-word">${title}</div>
                  </td>
                </tr>
                <tr>
                  <td style="padding:4px 4px 0">
                    ${caution === '' ? '' : html`<div style="margin-top:16px">${caution}</div>`} ${sections.map(section)}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `
  return page.toString()
}

function section({ status, heading, lines, more }: DigestSection) {
  return html`<div style="margin:22px 0 8px;font-weight:600">
      <span style="display:inline-block;width:10px;height:10px;border-radius:5px;background:${background[status]}"></span>
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
