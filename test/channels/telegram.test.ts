import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = { flip: { status: 'up', from: 'down', downSinceAt: deadline - 600_000 } } as const

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const { request } = await told(aServiceChannel('telegram', fields), { alert: anAlert(alert) })
  const payload = payloadOf(request)
  return { ...request, payload, text: String(payload['text']) }
}

describe('a message to Telegram', () => {
  it('is HTML for the chat, without a preview of links', async () => {
    const check = aCheck({ name: 'nightly', description: 'see https://x.example' })
    const { url, payload } = await sent({ check, lastBody: { pingNumber: 3, tail: 'disk\nfull' } })

    expect(url).toBe(
      'https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage',
    )
    expect(payload).toEqual({
      chat_id: '-1001234567890',
      message_thread_id: 42,
      text: expect.stringMatching(
        /^<b>🔴 DOWN \| nightly<\/b>\n\nNo ping came by [^]*\n<pre>disk\nfull<\/pre>$/,
      ) as string,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    })
    expect((await sent(up)).text).toMatch(/^<b>🟢 UP \| [^<]*<\/b>\n\nA success ping came/)
    expect((await sent({}, { topic_id: null })).payload).not.toHaveProperty('message_thread_id')
  })

  it('mentions nobody and has no markup but its own', async () => {
    const evil = '<a href="tg://user?id=1">@everyone</a> &lt; dba@example.com (@dba)'
    const { text } = await sent({
      check: aCheck({ name: evil, description: evil, tags: '@ops' }),
      lastBody: { pingNumber: 3, tail: '</pre>@ops' },
    })
    const shown = text.replace(/<pre>[^<]*<\/pre>/, '')

    expect(shown.replaceAll(/<\/?b>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
    expect(shown).not.toMatch(/(?<!\w)@\w/)
    expect(shown).toContain('dba@example.com (@\u2060dba)')
    expect(text).toMatch(/<pre>&lt;\/pre&gt;@ops<\/pre>$/)
  })

  it.each(['x', '<', '😀'])(
    'is short enough with a body of %s: its beginning goes first',
    async (character) => {
      const description = 'see the runbook'
      const tail = `${character.repeat(30_000)} the end`
      const { text } = await sent({
        check: aCheck({ description }),
        lastBody: { pingNumber: 3, tail },
      })

      expect(text.length).toBeLessThanOrEqual(4096)
      expect(text.length).toBeGreaterThan(4080)
      expect(text).toContain(description)
      expect(text).toMatch(/the end<\/pre>$/)
    },
  )

  it.each([
    ['token', 'abc'],
    ['token', '1:x/../y'],
    ['chat_id', 'two words'],
    ['topic_id', 0],
  ])('has no channel of the %s %s', (field, value) => {
    expect(() => aServiceChannel('telegram', { [field]: value })).toThrow(field)
  })
})

describe('a group of Telegram that has become a supergroup', () => {
  const moved = {
    status: 400,
    body: JSON.stringify({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1009876543210 },
    }),
  }
  const group = aServiceChannel('telegram', { chat_id: '-123', topic_id: null })

  it('is told at its new id at once, which its owner hears of', async () => {
    const { outcome, requests } = await told(group, {}, [moved, { status: 200, body: '{}' }])

    expect(outcome).toEqual({
      kind: 'sent',
      remark: 'the group has become a supergroup: set chat_id to -1009876543210',
    })
    const [first, second] = requests.map(payloadOf)
    expect(second).toEqual({ ...first, chat_id: '-1009876543210' })
  })

  it('is followed no further', async () => {
    const { outcome, requests } = await told(group, {}, [moved, moved])

    expect(outcome).toMatchObject({ kind: 'refused' })
    expect(requests).toHaveLength(2)
  })
})

describe('what Telegram answers', () => {
  it.each([
    [401, 'Unauthorized', 'denied'],
    [404, 'Not Found', 'denied'],
    [403, 'Forbidden: bot was kicked from the group chat', 'refused'],
    [400, 'Bad Request: chat not found', 'refused'],
    [200, 'Bad Request: chat not found', 'refused'],
  ])('by %i, %s, is understood', async (status, description, kind) => {
    const body = JSON.stringify({ ok: false, error_code: status, description })
    const { outcome } = await told(aServiceChannel('telegram'), {}, { status, body })

    expect(outcome).toEqual({ kind, reason: `received status code ${status}: ${body}` })
  })

  it('says in the body when to come back', async () => {
    const parameters = { retry_after: 35 }
    const body = JSON.stringify({ ok: false, error_code: 429, parameters })
    const { outcome } = await told(aServiceChannel('telegram'), {}, { status: 429, body })

    expect(outcome).toMatchObject({ kind: 'postponed', seconds: 35 })
  })
})
