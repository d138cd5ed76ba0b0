import { describe, expect, it } from 'vitest'
import { page } from '../../../../lib/local/http/page.ts'
import type { OutgoingRequest } from '../../../../lib/local/internet/outgoing-requests.ts'
import type { SentMail } from '../../../../lib/local/services/mailbox.ts'

const here = 'http://127.0.0.1:8787'
const request: OutgoingRequest = {
  method: 'POST',
  url: 'https://hook.example.com/a',
  headers: {},
  body: 'down',
  sentAt: '2026-01-01T00:00:00.000Z',
  answer: { status: 200, body: 'ok' },
}
const mail: SentMail = {
  to: ['ops@example.com'],
  from: 'alerts@example.com',
  subject: 'DOWN | nightly backup',
  text: 'No ping came.',
  html: '',
  headers: {},
  sentAt: '2026-01-01T00:00:00.000Z',
}

function pageWith(...requests: readonly Partial<OutgoingRequest>[]): string {
  return pageOf({ outgoing: requests.map((fields) => ({ ...request, ...fields })) })
}

function pageOf(shown: Partial<Parameters<typeof page>[1]>): string {
  const project = { email: 'ops@example.com' }
  return page(here, { project, now: 0, mails: [], outgoing: [], ...shown })
}

describe('the page of a local stack', () => {
  it('shows what would have been sent, and what came of it', () => {
    const html = pageWith({}, { answer: { error: 'reset' } })

    expect(html).toContain('POST https://hook.example.com/a <small>200')
    expect(html).toContain('POST https://hook.example.com/a <small>reset')
    expect(html).toContain('>down</pre>')
  })

  it('shows it as text, whatever it is', () => {
    const html = pageWith({ body: '</pre><script>', url: 'https://a.example/"><img src=x>' })

    expect(html).not.toMatch(/<script|<img/)
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;')
  })

  it('shows the latest requests, and the beginning of long bodies', () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ body: `body ${index}` }))

    expect(pageWith(...many)).not.toContain('body 0<')
    expect(pageWith(...many)).toContain('body 100<')
    expect(pageWith({ body: 'x'.repeat(6000) })).toMatch(/[^x]x{5000}…/)
  })

  it('shows mails, the newest first, with links that lead to this machine alone', () => {
    const text = `Follow ${here}/app/sign-in/token"onclick or https://elsewhere.example/`
    const html = pageOf({ mails: [mail, { ...mail, subject: 'Sign in', text }] })

    expect(html).toMatch(/Sign in .*DOWN \| nightly backup/s)
    expect(html).toContain(`<a href="${here}/app/sign-in/token&quot;onclick">`)
    expect(html).not.toContain('href="https://elsewhere')
  })

  it('has the time of its clock, and buttons that move it', () => {
    const html = pageOf({ now: Date.UTC(2026, 10, 30, 9) })

    expect(html).toContain('Mon, 30 Nov 2026 09:00:00 GMT')
    expect(html).toContain('<button name="advanceSeconds" value="3600">1 hour later</button>')
  })
})
