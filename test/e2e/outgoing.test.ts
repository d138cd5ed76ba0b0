import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { advance, aProject, createCheck, mailsTo, now, request, settle } from '../support/stack.ts'

type Sent = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly sentAt: string
  readonly answer: object
}

/** A check that tells a webhook, at a host of its own, and its project's mail. */
async function aHook(end = 'example.com') {
  const project = await aProject()
  const host = `hook-${Math.random().toString(36).slice(2)}.${end}`
  const json = {
    kind: 'webhook',
    down: { method: 'POST', url: `https://${host}/down`, body: '$NAME is down' },
    up: { url: `https://${host}/up` },
  }
  const key = project.apiKey
  const { id, signing_secret: secret } = (await request('POST', '/api/v3/channels/', { key, json }))
    .json as { id: string; signing_secret: string }
  const check = await createCheck(project, { name: '<b>job</b>' })
  const fail = () => request('GET', `${check.ping_url}/fail`)
  const error = async () => {
    const { json } = await request('GET', `/api/v3/channels/${id}`, { key })
    return (json as { last_delivery: { error: string | null } | null }).last_delivery?.error
  }
  const give = (...answers: readonly object[]) =>
    request('POST', '/_local/outgoing/answers', {
      json: answers.map((answer) => ({ host, ...answer })),
    })
  return { project, host, check, secret, fail, error, give, sent: () => sentTo(host) }
}

/** The requests to a host, once everything under way has arrived. */
async function sentTo(host: string): Promise<readonly Sent[]> {
  await settle()
  const all = (await request('GET', '/_local/outgoing')).json as readonly Sent[]
  return all.filter(({ url }) => new URL(url).host === host)
}

afterEach(async () => {
  await request('DELETE', '/_local/outgoing')
})

describe('what would go to the internet', () => {
  it('is kept by the stack, oldest first, until it is forgotten', async () => {
    const { host, check, fail, error, sent } = await aHook()

    await fail()
    await settle()
    await request('GET', check.ping_url)

    const [down, up, ...more] = await sent()
    expect(more).toEqual([])
    expect(down).toMatchObject({
      method: 'POST',
      url: `https://${host}/down`,
      headers: { host, 'user-agent': 'Overdue' },
      body: '<b>job</b> is down',
      answer: { status: 200, body: 'ok' },
    })
    expect((await now()) - Date.parse(down?.sentAt ?? '')).toBeLessThan(60_000)
    expect(up).toMatchObject({ method: 'GET', url: `https://${host}/up`, body: '' })
    expect(await error()).toBeNull()
    await request('DELETE', '/_local/outgoing')
    expect(await sent()).toEqual([])
  })

  it('is signed at each attempt, under an id of its alert', async () => {
    const { secret, check, fail, give, sent } = await aHook()
    await give({ status: 500, times: 1 })
    await fail()
    await settle()
    await advance(300)
    await request('GET', check.ping_url)

    const all = await sent()

    const headers = all.map((each) => each.headers)
    for (const [index, { body, sentAt }] of all.entries()) {
      const at = Number(headers[index]?.['webhook-timestamp'])
      const signature = new Webhook(secret).sign(
        headers[index]?.['webhook-id'] ?? '',
        new Date(at * 1000),
        body,
      )
      expect(headers[index]?.['webhook-signature']).toBe(signature)
      expect(Math.abs(Date.parse(sentAt) / 1000 - at)).toBeLessThan(60)
    }
    const [first, again, up] = headers.map((each) => each['webhook-id'])
    expect([again, up === first, all.length]).toEqual([first, false, 3])
  })

  it('stands on the page, as text', async () => {
    const { host, fail } = await aHook()
    await fail()
    await settle()

    const { text } = await request('GET', '/_local/')

    expect(text).toContain(`POST https://${host}/down <small>200`)
    expect(text).toContain('>&lt;b&gt;job&lt;/b&gt; is down</pre>')
  })

  it.each([
    ['invalid', 'ENOTFOUND'],
    ['private.test', 'not one of the public internet'],
  ])('is not sent to names below %s', async (end, reason) => {
    const { fail, error, sent } = await aHook(end)

    await fail()

    expect(await sent()).toEqual([])
    expect(await error()).toContain(reason)
  })

  it.each(['refused', 'reset', 'timeout'])(
    'is tried again after a connection that is to end as %s, and mails go out meanwhile',
    async (error) => {
      const hook = await aHook()
      await hook.give({ error, times: 1 })
      await hook.fail()
      expect(await mailsTo(hook.project)).toHaveLength(1)

      await advance(300)

      expect(await hook.sent()).toMatchObject([{ answer: { error } }, { answer: { status: 200 } }])
      expect(await hook.error()).toBeNull()
    },
  )

  it('is answered late on the clock of the stack', async () => {
    const { fail, give, sent, error } = await aHook()
    await give({ status: 200, latencyMs: 8000 })
    await fail()

    await advance(60)

    expect(await sent()).toHaveLength(1)
    expect(await error()).toBeNull()
  })

  it('is tried no sooner than the answer asks', async () => {
    const { fail, give, sent } = await aHook()
    await give({ status: 429, headers: { 'Retry-After': '900' }, times: 1 })
    await fail()
    await settle()

    await advance(840)
    expect(await sent()).toHaveLength(1)
    await advance(360)
    expect(await sent()).toHaveLength(2)
  })

  it('takes all answers of a call or none', async () => {
    const { fail, give, sent } = await aHook()

    expect(await give({ status: 410 }, { status: 'ok' })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('1: status') as string },
    })
    await fail()

    expect(await sent()).toMatchObject([{ answer: { status: 200 } }])
  })
})
