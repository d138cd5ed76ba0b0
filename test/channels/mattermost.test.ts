import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

type Payload = {
  readonly attachments: readonly {
    readonly fallback: string
    readonly color: string
    readonly text: string
  }[]
}

async function sent(fields: Parameters<typeof anAlert>[0]) {
  const { request } = await told(aServiceChannel('mattermost'), { alert: anAlert(fields) })
  const { attachments, ...others } = payloadOf(request) as Payload
  const [attachment = expect.unreachable('no attachment')] = attachments
  expect([attachments.length, others]).toEqual([1, {}])
  return attachment
}

describe('a message to Mattermost', () => {
  it('is one attachment with the colour of the status', async () => {
    const check = aCheck({ name: 'nightly_backup', description: 'see https://x.example/a_b?c=1' })
    const down = await sent({ check, lastBody: { pingNumber: 3, tail: 'disk *full*' } })
    const up = await sent({ check, flip: { status: 'up', from: 'down', reason: '' } })

    expect(down.fallback).toMatch(/^DOWN \| nightly_backup\nNo ping came/)
    expect(down.text).toMatch(/^\*\*🔴 DOWN \\\| nightly\\_backup\*\*\n\nNo ping came/)
    expect(down.text).toContain('**Project**: Home lab\n')
    expect(down.text).toContain('\n\nsee https://x.example/a_b?c=1\n\n')
    expect(down.text).toMatch(/\n```\ndisk \*full\*\n```$/)
    expect(up.text).toMatch(/^\*\*🟢 UP/)
    expect(down.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(up.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(up.color).not.toBe(down.color)
  })

  it('is no longer than a post: the beginning of the body goes first', async () => {
    const tail = `${'x'.repeat(100_000)} the end`
    const { text } = await sent({ lastBody: { pingNumber: 3, tail } })

    expect(text.length).toBeLessThanOrEqual(16_383)
    expect(text).toContain('the end\n```')
  })
})
