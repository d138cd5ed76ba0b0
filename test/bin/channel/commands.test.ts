import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../../bin/operate/command.ts'
import type { Ask } from '../../../bin/operate/command-answer.ts'
import { formOf, kindNames } from '../../../lambdas/channels/kinds.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { freePort } from '../../../lib/local/engine/engine.ts'
import { listenOnLoopback } from '../../support/loopback.ts'
import { makeServedApi } from '../../support/served-api.ts'
import { makeTerminal } from '../../support/terminal.ts'

const { api, served, folder, stop } = await makeServedApi()
let project: CreatedProject

afterAll(stop)
beforeEach(async () => {
  project = await api.project()
  api.time.now += 60_000
  served.deliverTo({ state: 'sent', error: '' })
  vi.stubEnv('OVERDUE_URL', served.url)
  vi.stubEnv('OVERDUE_API_KEY', project.apiKey)
})

const url = 'https://hooks.slack.com/services/T00000000/B00000000/canarycanarycanarycanary'
const arn = 'arn:aws:sns:us-east-1:123456789012:alerts'
const addTopic = ['add', 'sns', 'topic', '--topic-arn', arn]

async function channel(args: readonly string[], ask?: Ask) {
  const terminal = makeTerminal()
  const status = await runCommand(['channel', ...args], { ...terminal, ask })
  const { out, err } = terminal.seen()
  return { status, out, err }
}

/** Answers of a person, and what they were asked for. */
function person(...entries: readonly string[]) {
  const asked: { readonly prompt: string; readonly isHidden: boolean }[] = []
  const left = [...entries]
  const ask: Ask = (prompt, { isHidden }) => {
    asked.push({ prompt, isHidden })
    return Promise.resolve(left.shift() ?? '')
  }
  return { ask, asked }
}

async function listed() {
  const { out } = await channel(['list', '--json'])
  const { channels } = JSON.parse(out) as {
    channels: { id: string; name: string; kind: string }[]
  }
  return channels
}

const idOf = async (name: string) =>
  (await listed()).find((each) => each.name === name)?.id ?? expect.unreachable(name)

describe('overdue channel add', () => {
  it('makes a channel, sends a test, and says that it was taken', async () => {
    const run = await channel(addTopic)

    const id = await idOf('topic')
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(
      new RegExp(
        `^The channel "topic" \\(${id}\\) of kind sns is made\\..*\\nThe test was taken at 20`,
      ),
    )
    expect(api.sent.at(-1)).toMatchObject({ isTest: true, channel: { id } })
  })

  it('answers in JSON when asked', async () => {
    const run = await channel([...addTopic, '--on', 'down,up', '--json'])

    expect(JSON.parse(run.out)).toEqual({
      channel: { id: await idOf('topic'), name: 'topic', kind: 'sns', on: ['down', 'up'] },
      test: { at: expect.stringMatching(/^20/) as string, status: 'sent', error: null },
    })
  })

  it.each([
    ['failed', 'received status code 404: no_team', 'the test was not taken: received'],
    ['waiting', 'received status code 500', 'it is tried again, for a day'],
  ] as const)('fails when the test %s, and says why', async (state, error, said) => {
    served.deliverTo({ state, error })

    const run = await channel(addTopic)

    expect(run.status).toBe(1)
    expect(run.out).toContain(`${await idOf('topic')}) of kind sns is made`)
    expect(run.err).toContain(error)
    expect(run.err).toContain(said)
  })

  it('says what a channel said that took its test', async () => {
    served.deliverTo({ state: 'sent', error: 'the group has moved' })

    expect(await channel(addTopic)).toMatchObject({
      status: 0,
      out: expect.stringContaining(': the group has moved') as string,
    })
  })

  it('says that a link was mailed, and sends no test', async () => {
    const run = await channel(['add', 'email', '--address', 'new@example.com'])

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/A link was mailed there\. .* overdue channel test [0-9a-f-]{36}\.\n$/)
  })

  it('makes a webhook of one request for both ends', async () => {
    const args = ['--down-url', 'https://example.com/$STATUS', '--up-url', 'https://example.com/']
    const headers = ['--header', 'A: b', '--header', 'X-Token: canary']

    const run = await channel(['add', 'webhook', 'hook', ...args, ...headers, '--body', '$NAME'])

    const call = { method: 'POST', headers: { A: 'b', 'X-Token': 'canary' }, body: '$NAME' }
    const shown = await api.call('GET', `/api/v3/channels/${await idOf('hook')}`, {
      key: project.apiKey,
    })
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).not.toContain('canary')
    expect(shown.json).toMatchObject({
      down: { ...call, url: 'https://example.com/$STATUS' },
      up: { ...call, url: 'https://example.com/' },
    })
  })

  it('asks on a terminal for what is missing, secrets unseen', async () => {
    const { ask, asked } = person(` ${url} `)

    const run = await channel(['add', 'slack', 'chat'], ask)

    expect(asked).toEqual([
      {
        prompt: expect.stringMatching(
          /^url: the URL of an incoming webhook; for example https:.* \(it is not shown as you type\)\n> $/,
        ) as string,
        isHidden: true,
      },
    ])
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).not.toContain('canary')
    expect(served.requests.find(([, body]) => body.includes('"chat"'))?.[1]).toContain(url)
  })

  it('asks for what may be missing, and leaves out what is not entered', async () => {
    const { ask, asked } = person('', 'https://example.com/up')

    const run = await channel(['add', 'webhook', 'hook', '--method', 'PUT'], ask)

    expect(asked.map(({ prompt, isHidden }) => [prompt.split(':')[0], isHidden])).toEqual([
      ['down_url', false],
      ['up_url', false],
      ['header', true],
      ['body', false],
    ])
    expect(asked[0]?.prompt).toMatch(/\(Enter leaves it out\)\n> $/)
    expect(run.status).toBe(0)
  })

  it.each([undefined, person('').ask])(
    'fails as used wrongly when something is missing in the end, and names it',
    async (ask) => {
      const run = await channel(['add', 'slack'], ask)

      expect(run).toEqual({
        status: 2,
        out: '',
        err: 'overdue: missing --url; on a terminal you are asked\n',
      })
      expect(await listed()).toHaveLength(1)
    },
  )

  it('reads a secret from a file', async () => {
    const file = join(folder, 'url')
    writeFileSync(file, `${url}\n`)

    expect(await channel(['add', 'slack', 'chat', '--url-file', file])).toMatchObject({
      status: 0,
      err: '',
    })
    expect(await channel(['add', 'slack', '--url-file', join(folder, 'none')])).toMatchObject({
      status: 1,
      err: expect.stringContaining('no such file') as string,
    })
    expect((await channel(['add', 'slack', '--url-file', file, '--url', url])).status).toBe(2)
  })

  it('needs no AWS, and reads a secret from standard input', async () => {
    const child = spawn(
      process.execPath,
      ['bin/operate.ts', 'channel', 'add', 'slack', '--api', served.url, '--url-file', '-'],
      { env: { OVERDUE_API_KEY: project.apiKey, HOME: '/nonexistent' }, stdio: 'pipe' },
    )
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end(url)
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])

    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain('The test was taken')
    expect(out).not.toContain('canary')
  })

  it.each(kindNames().filter((kind) => formOf(kind).questions.some(({ isSecret }) => isSecret)))(
    'prints no secret of a channel of kind %s, whatever comes of its test',
    async (kind) => {
      const { questions } = formOf(kind)
      const values = questions.map(({ field, example }) => [field, String(example)] as const)
      const options = values.map(([field, text]) => `--${field.replaceAll('_', '-')}=${text}`)
      served.deliverTo({ state: 'failed', error: 'received status code 401' })

      const run = await channel(['add', kind, 'named', ...options])

      expect(run).toMatchObject({ status: 1, err: expect.stringContaining('code 401') as string })
      for (const { example } of questions.filter(({ isSecret }) => isSecret))
        expect(run.out + run.err).not.toContain(String(example))
    },
  )

  it('reads one secret at most from standard input', async () => {
    const run = await channel(['add', 'pushover', '--token-file', '-', '--user-file', '-'])

    expect(run).toEqual({
      status: 1,
      out: '',
      err: 'overdue: standard input gives one field, not token and user\n',
    })
  })

  it('does not claim that nothing is made, where the answer is lost', async () => {
    const other = await listenOnLoopback((request) => void request.socket.destroy())

    const run = await channel([...addTopic, '--api', other.url])
    await other.stop()

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toMatch(/ gives no answer: .*; whether it is done is not known\n$/)
  })

  it("says what the API says of a field, and not the field's text", async () => {
    const run = await channel(['add', 'slack', '--url', 'http://canary.example'])

    expect(run).toEqual({
      status: 1,
      out: '',
      err: 'overdue: the API answers 400: url is not the URL of a public host, by https\n',
    })
  })

  it('says that the channel is made, where its test cannot be sent', async () => {
    for (let test = 0; test < 20; test += 1)
      await api.call('POST', `/api/v3/channels/${project.channel.id}/test`, { key: project.apiKey })

    const run = await channel(addTopic)

    expect(run.status).toBe(1)
    expect(run.out).toContain('"topic"')
    expect(run.err).toMatch(/the channel is made, but .* 429: a project may have 20 tests/)
  })

  it('does not repeat a text that it does not understand', async () => {
    const run = await channel(['add', 'slack', `--uri=${url}`])

    expect(run).toMatchObject({ status: 2, out: '' })
    expect(run.err).not.toContain('canary')
    expect(run.err).toMatch(/^overdue: unknown option '--uri'/)
  })
})

describe('a signing secret', () => {
  const addHook = ['add', 'webhook', 'hook', '--down-url', 'https://example.com/']
  const secretIn = (file: string) => readFileSync(file, 'utf8')

  it('is written where only its owner may read it, and printed nowhere', async () => {
    const file = join(folder, 'first')

    const run = await channel([...addHook, '--signing-secret-file', file, '--json'])

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(secretIn(file)).toMatch(/^whsec_\S{44}\n$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(run.out).not.toContain('whsec_')
    expect((await channel(['show', 'hook'])).out).toContain('Its requests are signed.')
  })

  it('that nobody keeps is not printed, and may be renewed', async () => {
    const file = join(folder, 'second')

    const run = await channel(addHook)
    const renewed = await channel(['secret', 'hook', '--signing-secret-file', file])

    expect(run.out + run.err).not.toContain('whsec_')
    expect(run.out).toContain(
      `overdue channel secret ${await idOf('hook')} --signing-secret-file <file>`,
    )
    expect(renewed).toMatchObject({ status: 0, err: '' })
    expect(renewed.out).not.toContain('whsec_')
    expect(secretIn(file)).toMatch(/^whsec_\S{44}\n$/)
  })

  it('that could not be written hides neither the channel nor its test', async () => {
    const run = await channel([...addHook, '--signing-secret-file', join(folder, 'none', 'file')])

    expect(run.status).toBe(1)
    expect(run.out).toMatch(/^The channel "hook" .* is made\..*\nThe test was taken/)
    expect(run.err).toMatch(/^overdue: the channel is made, but ENOENT/)
  })

  it('that could not be written is said to be new, as the old one ends', async () => {
    await channel(addHook)

    const file = join(folder, 'none', 'file')
    const run = await channel(['secret', 'hook', '--signing-secret-file', file])

    expect(run.status).toBe(1)
    expect(run.err).toMatch(/^overdue: the secret is a new one, but ENOENT.*; run this again/)
  })

  it('is none where requests are not signed', async () => {
    await channel(addTopic)
    const option = ['--signing-secret-file', join(folder, 'third')]

    expect((await channel([...addTopic, ...option])).err).toContain('unknown option')
    expect((await channel(['secret', 'topic', ...option])).err).toContain('the API answers 400: ')
    expect((await channel(['secret', 'topic'])).status).toBe(2)
  })
})

describe('overdue channel', () => {
  it('lists the channels of the project', async () => {
    await channel(addTopic)

    const run = await channel(['list'])

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/^ID +KIND +NAME\n/)
    expect(run.out).toContain(`${await idOf('topic')}  sns    topic\n`)
  })

  it('shows a channel, by its id or its name', async () => {
    await channel([...addTopic, '--on', 'up'])

    const [byName, byId] = [
      await channel(['show', 'topic']),
      await channel(['show', await idOf('topic')]),
    ]

    expect(byName.out).toMatch(/^The channel "topic" .* is told of up\.\nLast delivery: sent at 20/)
    expect(byId).toEqual(byName)
  })

  it('tests a channel, as when a check is up again', async () => {
    await channel(addTopic)
    api.time.now += 1000

    const run = await channel(['test', 'topic', '--status', 'up', '--json'])

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(JSON.parse(run.out)).toMatchObject({
      channel: { name: 'topic', kind: 'sns' },
      test: { status: 'sent', error: null },
    })
    expect(api.sent.at(-1)).toMatchObject({ alert: { flip: { status: 'up' } } })
  })

  it('does not take what came of an earlier test for what comes of this one', async () => {
    await channel(addTopic)
    served.deliverTo()
    const { id } = (await listed()).find(({ name }) => name === 'topic') ?? expect.unreachable()
    const later = { state: 'failed', at: api.time.now + 1000, error: 'gone' } as const

    const running = channel(['test', 'topic'])
    const tests = () => served.requests.filter(([line]) => line.endsWith(`${id}/test`))
    await vi.waitFor(() => expect(tests()).toHaveLength(2), { timeout: 10_000 })
    await api.deliveries.noteOutcome(id, later)

    expect(await running).toMatchObject({
      status: 1,
      err: 'overdue: the test was not taken: gone\n',
    })
  })

  it('deletes a channel only when that is meant', async () => {
    await channel(addTopic)

    const warned = await channel(['delete', 'topic'])

    expect(warned).toMatchObject({ status: 1, out: '' })
    expect(warned.err).toMatch(
      /^overdue: nothing is deleted yet: the channel "topic" .* add --yes\n$/,
    )
    expect(await listed()).toHaveLength(2)
    expect((await channel(['delete', 'topic', '--yes'])).out).toMatch(/ is deleted\.\n$/)
    expect(await listed()).toHaveLength(1)
  })

  it('does not know an unknown channel, and does not guess', async () => {
    await channel(addTopic)
    await channel(addTopic)

    expect(await channel(['test', 'pager'])).toEqual({
      status: 1,
      out: '',
      err: 'overdue: there is no channel pager; overdue channel list shows all\n',
    })
    expect((await channel(['delete', 'topic', '--yes'])).err).toMatch(
      /^overdue: several channels are called topic; name one by its id: \S{36}, \S{36}\n$/,
    )
  })

  it.each(['', 'add', 'add slack', 'add webhook', 'list', 'show', 'test', 'secret', 'delete'])(
    'has help on "%s"',
    async (command) => {
      const words = command.split(' ').filter((word) => word !== '')

      expect(await channel([...words, '--help'])).toMatchObject({
        status: 0,
        err: '',
        out: expect.stringContaining('Usage: overdue channel') as string,
      })
    },
  )
})

describe('the API that overdue channel calls', () => {
  it.each(['', '/', '/api/v1', '/api/v3/'])(
    'may be given with "%s" behind its host',
    async (end) => {
      vi.stubEnv('OVERDUE_URL', undefined)

      expect((await channel(['list', '--api', served.url + end])).status).toBe(0)
    },
  )

  it.each([
    'overdue.example.com',
    'https://x/ping',
    'https://key@x/',
    'https://x/?key=1',
    'ftp://x',
  ])('is not given as %s', async (root) => {
    expect(await channel(['list', '--api', root])).toMatchObject({
      status: 2,
      err: expect.stringContaining('It takes the URL of an API') as string,
    })
  })

  it.each([
    ['OVERDUE_URL', /set OVERDUE_URL, or give --api/],
    ['OVERDUE_API_KEY', /set the environment variable OVERDUE_API_KEY/],
  ])('is not asked without %s', async (name, message) => {
    vi.stubEnv(name, undefined)

    const run = await channel(['add', 'slack'])

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toMatch(message)
  })

  it.each(['apiKeyReadonly', 'pingKey'] as const)('refuses the key %s', async (name) => {
    vi.stubEnv('OVERDUE_API_KEY', project[name])

    const run = await channel(['list'])

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toMatch(
      /^overdue: the API refuses the key; set OVERDUE_API_KEY to an API key of the project/,
    )
    expect(run.err).not.toContain(project[name])
  })

  it('may be out of reach', async () => {
    const root = `http://127.0.0.1:${await freePort()}`

    expect(await channel(['list', '--api', root])).toEqual({
      status: 1,
      out: '',
      err: expect.stringMatching(
        `^overdue: ${root}/api/v3/channels/ gives no answer: .*ECONNREFUSED[^;]*$`,
      ) as string,
    })
  })

  it.each([
    [200, {}, '<html>', "what answers is not Overdue's API"],
    [200, {}, '{"channels": [{}]}', "what answers is not Overdue's API"],
    [301, { location: 'https://other.example/' }, '', 'redirects to https://other.example/'],
    [502, {}, '{"message": "Internal Server Error"}', 'the API answers 502'],
    [503, {}, '{"error": "try again"}', 'the API answers 503: try again'],
  ])('may answer %i %j %s', async (status, headers, body, message) => {
    const other = await listenOnLoopback((_, response) =>
      response.writeHead(status, headers).end(body),
    )

    const run = await channel(['list', '--api', other.url])
    await other.stop()

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toContain(message)
  })
})
