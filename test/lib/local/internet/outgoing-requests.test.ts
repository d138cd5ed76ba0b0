import { describe, expect, it } from 'vitest'
import { OutgoingRequests } from '../../../../lib/local/internet/outgoing-requests.ts'

const aRequest = (url: string, body = '') => ({
  method: 'POST',
  url,
  headers: {},
  body,
  sentAt: '2026-01-01T00:00:00.000Z',
  answer: { status: 200, body: 'ok' },
})

describe('what would have gone out', () => {
  it('is kept, but for the oldest of more than ten thousand', () => {
    const outgoing = new OutgoingRequests()
    for (let index = 0; index <= 10_000; index += 1) outgoing.put(aRequest(`https://a/${index}`))

    expect(outgoing.all).toHaveLength(10_000)
    expect(outgoing.all[0]?.url).toBe('https://a/1')
  })

  it('is kept, but for the oldest where all bodies are too long together', () => {
    const outgoing = new OutgoingRequests()
    const body = 'x'.repeat(1_000_000)
    for (let index = 0; index <= 50; index += 1) outgoing.put(aRequest(`https://a/${index}`, body))

    expect(outgoing.all).toHaveLength(50)
    expect(outgoing.all[0]?.url).toBe('https://a/1')
  })
})
