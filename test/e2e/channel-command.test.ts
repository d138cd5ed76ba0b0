import { beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../bin/operate/command.ts'
import { aProject, base, request } from '../support/stack.ts'
import { makeTerminal } from '../support/terminal.ts'

beforeEach(async () => {
  vi.stubEnv('OVERDUE_URL', base)
  vi.stubEnv('OVERDUE_API_KEY', (await aProject()).apiKey)
})

async function add(...args: readonly string[]) {
  const terminal = makeTerminal()
  const status = await runCommand(['channel', 'add', ...args], terminal)
  return { status, ...terminal.seen() }
}

/** A Slack of the local stack, whose path is its own. */
const path = () => `/services/T0/B0/${Math.random().toString(36).slice(2).padEnd(24, 'x')}`

describe('overdue channel add', () => {
  it('sends what an alert would send, and says that it was taken', async () => {
    const hook = path()

    const run = await add('slack', 'chat', '--url', `https://hooks.slack.com${hook}`)

    const sent = (await request('GET', '/_local/outgoing')).json as readonly { url: string }[]
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain('The test was taken')
    expect(sent.filter(({ url }) => url.endsWith(hook))).toHaveLength(1)
  })

  it('says what the service says, without the secret', async () => {
    const hook = path()
    const answer = { host: 'hooks.slack.com', path: hook, status: 404, body: `no_team ${hook}` }
    await request('POST', '/_local/outgoing/answers', { json: [answer] })

    const run = await add('slack', 'chat', '--url', `https://hooks.slack.com${hook}`)

    expect(run.status).toBe(1)
    expect(run.err).toContain('overdue: the test was not taken: received status code 404: no_team')
    expect(run.out + run.err).not.toContain(hook.slice(-24))
  })
})
