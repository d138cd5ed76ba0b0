import { afterEach, describe, expect, it } from 'vitest'
import { HttpSender } from '../../lambdas/channels/http.ts'
import { localInternet } from '../../lambdas/channels/local-internet.ts'
import type { HttpRequest } from '../../lambdas/domain/telling/webhook-request.ts'
import { start } from '../support/builders.ts'
import { type Answerer, listenOnLoopback, type Loopback } from '../support/loopback.ts'

const stacks: Loopback[] = []
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.stop()
})

/** A local stack, as far as it plays the internet. */
async function aStack(answer: Answerer = (_, response) => void response.end()) {
  const taken: { url?: string; method?: string; headers: object; body: string }[] = []
  const stack = await listenOnLoopback((request, response, body) => {
    const { url = '', method = '', headers } = request
    taken.push({ url, method, headers, body })
    answer(request, response, body)
  })
  stacks.push(stack)
  const sender = new HttpSender(localInternet(stack.url.replace('//', '//deliver@')))
  const follow = (fields: Partial<HttpRequest>) =>
    sender.follow({ method: 'POST', url: '', headers: {}, body: '', ...fields }, start)
  return { taken, follow }
}

describe('localInternet', () => {
  it('hands the stack the whole request, and tells who asks', async () => {
    const { taken, follow } = await aStack()

    const answer = await follow({
      method: 'PUT',
      url: 'https://me:secret@hook.example.com:8443/a%20b?c=d#e',
      headers: { 'X-Name': 'nightly' },
      body: 'größer',
    })

    expect(answer).toMatchObject({ status: 200 })
    expect(taken).toMatchObject([
      {
        method: 'PUT',
        url: 'https://me:secret@hook.example.com:8443/a%20b?c=d',
        headers: {
          host: 'hook.example.com:8443',
          'x-name': 'nightly',
          'user-agent': 'Overdue',
          'content-length': '8',
          authorization: `Basic ${btoa('me:secret')}`,
          'proxy-authorization': `Basic ${btoa('deliver:')}`,
        },
        body: 'größer',
      },
    ])
  })

  it.each([
    'http://10.0.0.1/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:9/',
    'http://app.localhost/',
    'https://chat.private.test/',
    'https://CHAT.private.test./',
  ])('refuses %s, as a deployment does', async (url) => {
    const { taken, follow } = await aStack()

    expect(await follow({ url })).toBe('forbidden')
    expect(taken).toEqual([])
  })

  it.each(['https://hook.invalid/', 'https://hook.invalid./'])('finds no %s', async (url) => {
    const { taken, follow } = await aStack()

    await expect(follow({ url })).rejects.toThrow('ENOTFOUND')
    expect(taken).toEqual([])
  })

  it.each(['https://8.8.8.8/', 'https://notinvalid/', 'https://private.test.example.com/'])(
    'takes %s for a public address',
    async (url) => {
      const { taken, follow } = await aStack()

      expect(await follow({ url })).toMatchObject({ status: 200 })
      expect(taken).toMatchObject([{ url }])
    },
  )

  it('checks the host of each redirect', async () => {
    const { taken, follow } = await aStack(
      (_, response) => void response.writeHead(307, { location: 'http://10.0.0.1/' }).end(),
    )

    expect(await follow({ url: 'http://hook.example.com/' })).toBe('forbidden')
    expect(taken).toHaveLength(1)
  })

  it('fails where the stack says that nobody answers', async () => {
    const { follow } = await aStack(
      (_, response) =>
        void response.writeHead(502, { 'proxy-status': 'stack; error=connection_refused' }).end(),
    )

    await expect(follow({ url: 'https://hook.example.com/' })).rejects.toThrow('connection refused')
  })

  it.each([
    'http://deliver@proxy.example.com:80',
    'http://deliver@127.0.0.1.example.com:80',
    'http://deliver@127.0.0.1:80@proxy.example.com',
    'https://deliver@127.0.0.1:80',
    'yes',
  ])('goes by no other machine: %s', (url) => {
    expect(() => localInternet(url)).toThrow('LOCAL_INTERNET_URL')
  })
})
