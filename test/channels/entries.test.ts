import { describe, expect, it } from 'vitest'
import { enteredFields } from '../../lambdas/channels/form.ts'
import { formOf, kindNames } from '../../lambdas/channels/kinds.ts'

const arns = { topicArns: ['arn:*'], busArns: ['arn:*'] }
const webhook = formOf('webhook')

describe.each(kindNames())('a channel of kind %s', (kind) => {
  const form = formOf(kind)

  it('is asked for by questions whose examples make one', () => {
    const entries = form.questions.map(({ field, example }) => [field, String(example)] as const)

    const fields = enteredFields(form, Object.fromEntries(entries))

    expect(entries).not.toEqual([])
    expect(form.request(arns).safeParse(fields)).toMatchObject({ success: true })
  })

  it('hides as secrets what answers hide', () => {
    const secret = form.questions.filter(({ isSecret }) => isSecret).map(({ field }) => field)

    expect(secret).toEqual(expect.arrayContaining([...(form.secrets ?? [])]))
  })
})

describe('enteredFields', () => {
  const question = { help: '', isNeeded: true, isSecret: false }
  const questions = [
    { ...question, field: 'room', example: '7' },
    { ...question, field: 'level', example: 7 },
  ]

  it.each([
    [
      { room: '1', level: '-2' },
      { room: '1', level: -2 },
    ],
    [{ level: 'high' }, { level: 'high' }],
    [{ level: '' }, { level: '' }],
    [{}, {}],
  ])('makes of %j the fields %j', (entries, fields) => {
    expect(enteredFields({ questions }, entries)).toEqual(fields)
  })
})

describe('a webhook', () => {
  it.each([
    [{ down_url: 'd' }, { down: { url: 'd', method: 'GET' } }],
    [
      { down_url: 'd', up_url: 'u', body: '$NAME' },
      {
        down: { url: 'd', method: 'POST', body: '$NAME' },
        up: { url: 'u', method: 'POST', body: '$NAME' },
      },
    ],
    [{ up_url: 'u', method: 'PUT' }, { up: { url: 'u', method: 'PUT' } }],
    [
      { down_url: 'd', header: 'A: b:c\n\nX-Y:z \r\n' },
      { down: { url: 'd', method: 'GET', headers: { A: 'b:c', 'X-Y': 'z' } } },
    ],
    [{}, {}],
  ])('is made of %j as %j', (entries, fields) => {
    expect(enteredFields(webhook, entries)).toEqual(fields)
  })

  it('does not repeat a header that is none where it refuses it', () => {
    const fields = enteredFields(webhook, { down_url: 'https://example.com', header: 'Bearer x' })

    const { error } = webhook.request(arns).safeParse(fields)

    expect(JSON.stringify(error?.issues)).not.toContain('Bearer')
    expect(error?.issues[0]).toMatchObject({ path: ['down', 'headers', ''] })
  })
})
