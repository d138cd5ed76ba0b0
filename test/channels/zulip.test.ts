import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

describe('a message to Zulip', () => {
  it('is a block of code in a topic of the check, which no text of a job can end', async () => {
    const check = aCheck({ name: 'nightly @**all**' })
    const lastBody = { pingNumber: 3, tail: `${'x'.repeat(20_000)}\n\`\`\`\n@**all** the end` }
    const { request } = await told(aServiceChannel('zulip'), {
      alert: anAlert({ check, lastBody }),
    })
    const { type, to, topic, content = '' } = payloadOf(request) as Record<string, string>

    expect(request.url).toBe('https://example.zulipchat.com/api/v1/messages')
    expect(atob(request.headers['Authorization']?.slice(6) ?? '')).toMatch(/^overdue-bot@.*:gK4v/)
    expect({ type, to, topic }).toEqual({ type: 'channel', to: 'operations', topic: check.name })
    expect(content).toMatch(/^```text\n🔴 DOWN \| nightly @\*\*all\*\*\n\nNo ping came/)
    expect(content).toMatch(/the end\n```$/)
    expect(content.match(/```/g)).toHaveLength(2)
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(10_000)
  })
})
