import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

type Payload = { readonly embeds: readonly { description: string; color: number }[] }

async function sent(fields: Parameters<typeof anAlert>[0]) {
  const { request } = await told(aServiceChannel('discord'), { alert: anAlert(fields) })
  const { embeds, ...others } = payloadOf(request) as Payload
  const [embed = expect.unreachable('no embed')] = embeds
  expect(embeds).toHaveLength(1)
  expect(others).toEqual({ allowed_mentions: { parse: [] } })
  return embed
}

describe('a message to Discord', () => {
  it('is one embed with the colour of the status, and mentions nobody', async () => {
    const check = aCheck({ name: '@everyone', description: '<@&1> <t:1> :boom: **a**' })
    const down = await sent({ check, lastBody: { pingNumber: 3, tail: 'a\n```\n@here' } })
    const up = await sent({ check, flip: { status: 'up', from: 'down', reason: '' } })

    expect(down.description).toMatch(/^\*\*🔴 DOWN \\\| @\u200beveryone\*\*\n\nNo ping came/)
    expect(down.description).toContain('<\u200b@\u200b&\u200b1\\> <\u200bt:1\\> :\u200bboom:')
    expect(down.description).toMatch(/\n```\na\n`\u200b``\n@here\n```$/)
    expect(up.description).toMatch(/^\*\*🟢 UP/)
    expect([down.color, up.color]).toEqual([0xd92626, 0x2c9f45])
  })

  it('keeps within what an embed takes: the beginning of the body goes first', async () => {
    const tail = `${'x'.repeat(100_000)} the end`
    const check = aCheck({ name: '~'.repeat(100), description: '`'.repeat(100) })
    const { description } = await sent({ check, lastBody: { pingNumber: 3, tail } })

    expect(description.length).toBeGreaterThan(4000)
    expect(description.length).toBeLessThanOrEqual(4096)
    expect(description).toContain('the end\n```')
  })

  it.each([
    ['https://discord.com/api/webhooks/1/abc', 'https://discord.com/api/webhooks/1/abc?wait=true'],
    [
      'https://discord.com/api/webhooks/1/abc?thread_id=2',
      'https://discord.com/api/webhooks/1/abc?thread_id=2&wait=true',
    ],
  ])('to %s waits until it is saved', async (url, called) => {
    expect((await told(aServiceChannel('discord', { url }))).request.url).toBe(called)
  })

  it.each([
    [200, '{"id":"1"}', { kind: 'sent' }],
    [401, '{"message":"Invalid Webhook Token","code":50027}', { kind: 'denied' }],
    [403, '{"message":"Missing Access","code":50001}', { kind: 'denied' }],
    [
      403,
      '{"message":"Message blocked by harmful links filter","code":240000}',
      { message: expect.stringContaining('harmful links') as string },
    ],
    [
      403,
      '{"message":"internal network error","code":40333}',
      { message: expect.stringContaining('network error') as string },
    ],
    [404, '{"message":"Unknown Webhook","code":10015}', { kind: 'refused' }],
    [400, '{"message":"Invalid Form Body","code":50035,"errors":{}}', { kind: 'refused' }],
    [
      429,
      '{"message":"You are being rate limited.","retry_after":64.57,"global":false}',
      { kind: 'postponed', seconds: 65, reason: expect.stringContaining('rate limited') as string },
    ],
    [429, '{"retry_after":"soon"}', { message: expect.stringContaining('429') as string }],
    [500, '{"retry_after":1}', { message: expect.stringContaining('500') as string }],
  ])('that is answered by %i %s is understood', async (status, body, meaning) => {
    const { outcome } = await told(aServiceChannel('discord'), {}, { status, body })

    expect(outcome).toMatchObject(meaning)
  })

  it('is the sentence alone where a filter minds the rest', async () => {
    const answers = [
      { status: 403, body: '{"code":240000}' },
      { status: 200, body: '{}' },
    ]
    const { outcome } = await told(aServiceChannel('discord'), {}, answers)

    expect(outcome).toMatchObject({ kind: 'sent', remark: expect.any(String) as string })
  })
})
