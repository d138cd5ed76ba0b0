import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

type Payload = {
  readonly cardsV2: readonly {
    readonly card: {
      readonly header: { readonly title: string }
      readonly sections: readonly {
        readonly widgets: readonly { readonly textParagraph: { readonly text: string } }[]
      }[]
    }
  }[]
  readonly fallbackText: string
  readonly thread: { readonly threadKey: string }
}

async function sent(fields: Parameters<typeof anAlert>[0]) {
  const { request } = await told(aServiceChannel('googlechat'), { alert: anAlert(fields) })
  const { cardsV2, fallbackText, thread } = payloadOf(request) as Payload
  const [{ card } = expect.unreachable('no card')] = cardsV2
  const texts = card.sections.flatMap(({ widgets }) => widgets.map((each) => each.textParagraph))
  return { title: card.header.title, text: texts[0]?.text ?? '', fallbackText, thread, request }
}

const up = { status: 'up', from: 'down', reason: '', downSinceAt: deadline } as const

describe('a message to Google Chat', () => {
  it('is a card with the name and status, the sentence, the facts and the body', async () => {
    const check = aCheck({ name: 'nightly', description: 'see\nthe runbook' })
    const down = await sent({ check, lastBody: { pingNumber: 3, tail: 'disk\n  full' } })

    expect(down.title).toBe('🔴 DOWN | nightly')
    expect(down.text).toMatch(
      /^No ping came by the deadline, .*\.<br><br><b>Project<\/b>: Home lab<br>/,
    )
    expect(down.text).toContain('<br><br>see<br>the runbook<br><br>')
    expect(down.text).toMatch(/<\/b><br>disk<br>\u00a0 full$/)
    expect(down.fallbackText).toMatch(/^🔴 DOWN \| nightly\nNo ping came/)
    expect((await sent({ check, flip: up })).title).toBe('🟢 UP | nightly')
  })

  it('has no markup and no mention of what jobs and people write', async () => {
    const name = '<users/all> <b>&lt;a'
    const check = aCheck({ name, description: name })
    const { title, text, fallbackText } = await sent({
      check,
      lastBody: { pingNumber: 3, tail: name },
    })

    expect(`${title} ${fallbackText}`).not.toMatch(/<[^\u200b]/)
    expect(text.replaceAll(/<br>|<\/?b>/g, '')).not.toMatch(/[<>]/)
    expect(text.split('&lt;users/all&gt; &lt;b&gt;&amp;lt;a')).toHaveLength(3)
  })

  it('begins a thread with an outage, and ends it there', async () => {
    const [down, recovered, later] = [
      await sent({}),
      await sent({ flip: { ...up, at: deadline + 600_000 } }),
      await sent({ flip: { at: deadline + 900_000 } }),
    ]

    expect(recovered.thread).toEqual(down.thread)
    expect(later.thread).not.toEqual(down.thread)
    for (const { request } of [down, recovered])
      expect(request.url).toMatch(
        /\?key=\w+&token=\w+&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD$/,
      )
  })

  it('keeps within 32,000 bytes: the beginning of the body goes first', async () => {
    const tail = `${'&😀'.repeat(100_000)} the end`
    const { request, text } = await sent({ lastBody: { pingNumber: 3, tail } })

    expect(Buffer.byteLength(request.body)).toBeGreaterThan(31_000)
    expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(32_000)
    expect(text).toMatch(/the end$/)
  })

  it.each([
    [200, '{"name":"spaces/A/messages/B.B"}', { kind: 'sent' }],
    [
      400,
      '{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}',
      { kind: 'denied' },
    ],
    [400, '{"error":{"code":400,"status":"INVALID_ARGUMENT"}}', { kind: 'refused' }],
    [403, '{"error":{"code":403,"status":"PERMISSION_DENIED"}}', { kind: 'denied' }],
    [404, '{"error":{"code":404,"status":"NOT_FOUND"}}', { kind: 'refused' }],
    [
      429,
      '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}',
      { message: expect.stringContaining('RESOURCE_EXHAUSTED') as string },
    ],
  ])('that is answered by %i %s is understood', async (status, body, meaning) => {
    const { outcome } = await told(aServiceChannel('googlechat'), {}, { status, body })

    expect(outcome).toMatchObject(meaning)
  })
})
