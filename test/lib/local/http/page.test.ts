import { describe, expect, it } from 'vitest'
import { page } from '../../../../lib/local/http/page.ts'
import type { OutgoingRequest } from '../../../../lib/local/internet/outgoing-requests.ts'

const request: OutgoingRequest = {
  method: 'POST',
  url: 'https://hook.example.com/a',
  headers: {},
  body: 'down',
  sentAt: '2026-01-01T00:00:00.000Z',
  answer: { status: 200, body: 'ok' },
}

function pageWith(...outgoing: readonly Partial<OutgoingRequest>[]): string {
  const project = { email: 'ops@example.com' }
  const requests = outgoing.map((fields) => ({ ...request, ...fields }))
  return page('http://127.0.0.1:8787', { project, mails: [], outgoing: requests })
}

describe('the page of a local stack', () => {
  it('shows what would have been sent, and what came of it', () => {
    const html = pageWith({}, { answer: { error: 'reset' } })

    expect(html).toContain('POST https://hook.example.com/a<td>200')
    expect(html).toContain('POST https://hook.example.com/a<td>reset')
    expect(html).toContain('<pre>down</pre>')
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
})
