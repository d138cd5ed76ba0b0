import { html } from 'hono/html'
import type { Fact, Message, PingLine } from '../domain/message.ts'
import { background, font, line, quiet } from './email-style.ts'

const monospace = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace'

/**
 * The mail for everything that shows HTML: tables and inline styles, for that is what mail programs understand; no images, no links. The
 * template escapes every value. Text has no colour of its own, so that it can be read in the dark.
 */
export async function htmlOf(message: Message): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${message.subject}</title>
      </head>
      <body style="margin:0;padding:0;${font};font-size:15px;line-height:1.45">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
          <tr>
            <td align="center" style="padding:16px 12px">
              <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left">
                <tr>
                  <td style="padding:18px 20px;border-radius:8px;background:${background[message.status]};color:#ffffff">
                    <div style="font-size:13px;font-weight:700;letter-spacing:0.08em">${message.status}</div>
                    <div style="margin-top:2px;font-size:22px;font-weight:600;line-height:1.25;word-break:break-word">${message.title}</div>
                    <div style="margin-top:8px">${message.summary}</div>
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 4px 0">
                    ${note(message)}${facts(message.facts)}${description(message)}${pings(message)}${lastBody(message)}
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

function note(message: Message) {
  if (message.note === '') return ''
  return html`<div style="margin:0 0 14px;padding:10px 12px;border:1px solid ${line};border-radius:6px">${message.note}</div>`
}

function facts(all: readonly Fact[]) {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
    ${all.map(
      ({ label, value }) =>
        html`<tr>
          <td valign="top" width="96" style="padding:5px 12px 5px 0;${quiet};white-space:nowrap">${label}</td>
          <td valign="top" style="padding:5px 0;word-break:break-word">${value}</td>
        </tr>`,
    )}
  </table>`
}

function description(message: Message) {
  if (message.description === '') return ''
  return html`${heading('Description')}
    <div style="white-space:pre-wrap;word-break:break-word">${message.description}</div>`
}

function pings({ pings: all, timeZone }: Message) {
  if (all.length === 0) return ''
  return html`${heading('Last pings', `times in ${timeZone}`)}
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="font-size:14px">
      ${all.map(pingRow)}
    </table>`
}

function pingRow(ping: PingLine) {
  const cell = `padding:6px 10px 6px 0;border-top:1px solid ${line}`
  return html`<tr>
    <td valign="top" style="${cell}"><span style="${quiet}">#${ping.number}</span></td>
    <td valign="top" style="${cell};white-space:nowrap">${ping.at}</td>
    <td valign="top" width="100%" style="${cell};word-break:break-word">
      <span style="font-weight:600${ping.type === 'fail' ? ';color:#d93025' : ''}">${ping.what}</span> ${ping.took}
      <div style="font-size:12px;${quiet}">${ping.address} ${ping.userAgent}</div>
    </td>
  </tr>`
}

function lastBody({ lastBody: body }: Message) {
  if (body === undefined) return ''
  const style = `margin:0;padding:12px;border:1px solid ${line};border-radius:6px;${monospace};font-size:12px;line-height:1.5`
  return html`${heading(`End of the body of ping #${body.pingNumber}`)}
    <pre style="${style};white-space:pre-wrap;word-break:break-word">${body.tail}</pre>`
}

function heading(text: string, note = '') {
  return html`<div style="margin:22px 0 8px;font-weight:600">
    ${text} ${note === '' ? '' : html`<span style="font-weight:400;${quiet}">${note}</span>`}
  </div>`
}
