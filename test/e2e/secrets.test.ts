import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formOf, type KindName } from '../../lambdas/channels/kinds.ts'
import { aServiceChannel, exampleFields, told, serviceNames } from '../support/services.ts'
import { aProject, base, type LocalProject, logFile, mailsTo } from '../support/stack.ts'

/** Longer than what a masked secret shows. */
const SHOWN = 5
const headerSecret = 'Bearer canary-in-a-header-0123456789'

/** What people get to see in answers. */
let seen: string[] = []
let project: LocalProject
/** What the stack has printed for other tests. */
let printedBefore = 0

beforeAll(async () => {
  project = await aProject()
  printedBefore = statSync(logFile).size
})
afterAll(() => ask('DELETE', '/_local/outgoing'))

const printed = () => readFileSync(logFile).subarray(printedBefore).toString()

type Answered = Readonly<Record<'id' | 'uuid' | 'ping_url' | 'signing_secret', string>>

async function ask(method: string, path: string, json?: object) {
  const answer = await fetch(base + path, {
    method,
    headers: { 'X-Api-Key': project.apiKey },
    ...(json && { body: JSON.stringify(json) }),
  })
  const text = await answer.text()
  return { text, json: (text.startsWith('{') ? JSON.parse(text) : {}) as Answered }
}

/** The same, and keeps the answer to be searched. */
async function look(method: string, path: string, json?: object) {
  const answer = await ask(method, path, json)
  seen.push(answer.text)
  return answer
}

describe('the secrets of channels', () => {
  const secrets = serviceNames().flatMap(secretsOf)

  it('are in no answer, no log and no description, whatever services say of them', async () => {
    seen = []
    const ids: string[] = []
    for (const kind of serviceNames())
      ids.push((await look('POST', '/api/v3/channels/', { kind, ...exampleFields(kind) })).json.id)
    const hook = {
      kind: 'webhook',
      down: { url: 'https://hook.example.com/', headers: { Authorization: headerSecret } },
    }
    const made = await ask('POST', '/api/v3/channels/', hook)
    const check = (await look('POST', '/api/v3/checks/', { name: 'canary', channels: '*' })).json
    const wrong = secrets.join(' ')
    const echoes = await Promise.all(serviceNames().map(echoOf))

    for (const status of [200, 401, 500, 404]) {
      if (status !== 200)
        await ask(
          'POST',
          '/_local/outgoing/answers',
          echoes.map((echo) => ({ ...echo, status })),
        )
      for (const id of ids) {
        await look('POST', `/api/v3/channels/${id}/test`)
        await ask('POST', '/_local/settle')
        await look('GET', `/api/v3/channels/${id}`)
      }
      await fetch(`${check.ping_url}/fail`)
      await ask('POST', '/_local/settle')
      await ask('POST', '/_local/clock', { advanceSeconds: 3600 })
      await fetch(check.ping_url)
      await ask('POST', '/_local/settle')
    }
    for (const id of ids) {
      await look('POST', `/api/v3/channels/${id}`, { name: 'renamed' })
      await look('POST', `/api/v3/channels/${id}`, { kind: 'email', url: wrong, token: wrong })
      await look('DELETE', `/api/v3/channels/${id}`)
    }
    for (const path of ['channels/', 'checks/', `checks/${check.uuid}/flips/`, 'openapi.json'])
      await look('GET', `/api/v3/${path}`)
    seen.push(JSON.stringify(await mailsTo(project)))
    await look('GET', '/_local/meter')

    const all = [...seen, printed()].join('\n')
    expect(secrets.length).toBeGreaterThanOrEqual(serviceNames().length)
    expect(all).toContain('delivery-')
    for (const secret of secrets) expect(all).not.toContain(secret.slice(-SHOWN))
    expect(all).not.toContain(made.json.signing_secret)
    expect(printed()).not.toContain(headerSecret)
  })
})

/** A service that says back what it must not tell. */
async function echoOf(kind: KindName) {
  const { request } = await told(aServiceChannel(kind))
  return { host: new URL(request.url).host, body: `wrong: ${secretsOf(kind).join(' ')}` }
}

function secretsOf(kind: KindName): readonly string[] {
  const form = formOf(kind)
  const fields = form.given(exampleFields(kind))
  return (form.secrets ?? []).map((field) => String(fields[field]))
}
