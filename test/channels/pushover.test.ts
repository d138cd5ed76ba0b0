import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = { flip: { status: 'up', from: 'down', downSinceAt: deadline - 600_000 } } as const

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const { request } = await told(aServiceChannel('pushover', fields), { alert: anAlert(alert) })
  return { ...request, payload: payloadOf(request) }
}

describe('a message by Pushover', () => {
  it('is a form with the words and when it happened', async () => {
    const check = aCheck({ name: 'nightly & <b>co</b>' })
    const { url, headers, payload } = await sent({ check }, { priority_down: 1 })

    expect(url).toBe('https://api.pushover.net/1/messages.json')
    expect(headers).toEqual({ 'Content-Type': 'application/x-www-form-urlencoded' })
    expect(payload).toEqual({
      token: 'azGDORePK8gMaC0QOYAMyEEuzJnyUi',
      user: 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG',
      title: 'DOWN | nightly & <b>co</b>',
      message: expect.stringMatching(/^No ping came by the deadline/) as string,
      timestamp: String(deadline / 1000),
      priority: '1',
    })
  })

  it('has the priority of its status; an emergency sounds until it is acknowledged', async () => {
    const fields = { priority_down: 2, priority_up: -1 }

    expect((await sent({}, fields)).payload).toMatchObject({
      priority: '2',
      retry: '60',
      expire: '10800',
    })
    const recovery = (await sent(up, fields)).payload
    expect(recovery).toMatchObject({
      priority: '-1',
      title: expect.stringMatching(/^UP \| /) as string,
    })
    expect(recovery).not.toHaveProperty('retry')
    expect(recovery).not.toHaveProperty('expire')
  })

  it('has normal priority unless the channel says otherwise', async () => {
    const unsaid = { priority_down: undefined, priority_up: undefined }

    expect((await sent({}, unsaid)).payload).toMatchObject({ priority: '0' })
    expect((await sent(up, unsaid)).payload).toMatchObject({ priority: '0' })
  })

  it.each(['x', '😀'])('is short enough with a body of %s', async (character) => {
    const tail = `${character.repeat(30_000)} the end`
    const description = 'see the runbook'
    const { payload } = await sent({
      check: aCheck({ description }),
      lastBody: { pingNumber: 1, tail },
    })
    const message = String(payload['message'])

    expect(Array.from(message)).toHaveLength(1024)
    expect(message).toContain(description)
    expect(message).toMatch(/the end$/)
    expect(message.isWellFormed()).toBe(true)
  })

  it.each([
    ['token', 'short'],
    ['user', `${'u'.repeat(30)},`],
    ['priority_down', 3],
    ['priority_up', -3],
  ])('has no channel of the %s %s', (field, value) => {
    expect(() => aServiceChannel('pushover', { [field]: value })).toThrow(field)
  })

  it('may be for several users', async () => {
    const user = [1, 2, 3].map((each) => String(each).repeat(30)).join(',')

    expect((await sent({}, { user })).payload).toMatchObject({ user })
  })
})

describe('what Pushover answers', () => {
  it.each([
    ['{"token":"invalid","errors":["application token is invalid"],"status":0}', 'denied'],
    ['{"user":"invalid","errors":["user key is invalid"],"status":0}', 'refused'],
    ['nonsense', 'refused'],
  ])('to a request it refuses, %s, is understood', async (body, kind) => {
    const { outcome } = await told(aServiceChannel('pushover'), {}, { status: 400, body })

    expect(outcome).toEqual({ kind, reason: `received status code 400: ${body}` })
  })

  it('beyond the messages of a month is tried again', async () => {
    const answer = { status: 429, body: '{"errors":["over quota"],"status":0}' }

    expect((await told(aServiceChannel('pushover'), {}, answer)).outcome).toBeInstanceOf(Error)
  })
})
