import { html } from 'hono/html'
import type { Message, PingLine } from '../../domain/telling/message.ts'
import type { Fact } from '../../domain/telling/message/facts.ts'
import { line, quiet } from './email-style.ts'
import { LINK_WORDS } from '../message-text.ts'
import { inMailFrame } from './mail-frame.ts'
import { mailButton } from './personal-frame.ts'

const monospace = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace'

/** The mail of one alert for everything that shows HTML. */
export async function htmlOf(message: Message): Promise<string> {
  return inMailFrame(
    { ...message, overline: message.status },
    html`<div style="margin-top:12px">
      ${note(message)}${message.link !== undefined && mailButton(message.link, LINK_WORDS)}${facts(message.facts)}${description(message)}${pings(message)}${lastBody(message)}
    </div>`,
  )
}

function note(message: Message) {
  if (message.note === '') return ''
  return html`<div
    style="margin:0 0 14px;padding:10px 12px;border:1px solid ${line};border-radius:6px"
  >
    ${message.note}
  </div>`
}

function facts(all: readonly Fact[]) {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
    ${all.map(
      ({ label, value }) =>
        html`<tr>
          <td valign="top" width="96" style="padding:5px 12px 5px 0;${quiet};white-space:nowrap">
            ${label}
          </td>
          <td valign="top" style="padding:5px 0;word-break:break-word">
            ${value.split('\n').map((line) => html`<div>${line}</div>`)}
          </td>
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
    <table
      role="presentation"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border="0"
      style="font-size:14px"
    >
      ${all.map(pingRow)}
    </table>`
}

function pingRow(ping: PingLine) {
  const cell = `padding:6px 10px 6px 0;border-top:1px solid ${line}`
  return html`<tr>
    <td valign="top" style="${cell}"><span style="${quiet}">#${ping.number}</span></td>
    <td valign="top" style="${cell};white-space:nowrap">${ping.at}</td>
    <td valign="top" width="100%" style="${cell};word-break:break-word">
      <span style="font-weight:600${ping.type === 'fail' ? ';color:#d93025' : ''}"
        >${ping.what}</span
      >
      ${ping.took}
      <div style="font-size:12px;${quiet}">${ping.address} ${ping.userAgent}</div>
    </td>
  </tr>`
}

function lastBody({ lastBody: body }: Message) {
  if (body === undefined) return ''
  const style = `margin:0;padding:12px;border:1px solid ${line};border-radius:6px;${monospace};font-size:12px;line-height:1.5`
  return html`${heading(body.heading)}
    <pre style="${style};white-space:pre-wrap;word-break:break-word">${body.text}</pre>`
}

function heading(text: string, note = '') {
  return html`<div style="margin:22px 0 8px;font-weight:600">
    ${text} ${note === '' ? '' : html`<span style="font-weight:400;${quiet}">${note}</span>`}
  </div>`
}
