import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../lambdas/domain/people/audit.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let projectId: string
let owner: Person
let path: string

beforeAll(async () => {
  web = await makeTestWeb()
  projectId = (await web.project()).project.id
  owner = await web.person(projectId)
  path = `/app/p/${projectId}/settings/audit`
})
afterAll(() => web.stop())

function anEntry(fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    projectId,
    at: web.time.now,
    requestId: 'request',
    actor: { kind: 'user', id: 'user', email: 'ana@example.com' },
    address: '192.0.2.7',
    action: 'check-changed',
    subject: { kind: 'check', id: 'a'.repeat(40), name: '<b>nightly</b>' },
    changes: { grace: ['1 hour', '30 minutes'] },
    ...fields,
  }
}

describe('the audit of a project', () => {
  it('says who changed what, when, and from where', async () => {
    await web.audits.put(anEntry())

    const { status, text } = await web.get(path, owner)

    expect(status).toBe(200)
    const words = text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    for (const part of ['ana@example.com 192.0.2.7', 'check changed', 'grace 1 hour → 30 minutes'])
      expect(words).toContain(part)
    expect(text).toContain('&lt;b&gt;nightly&lt;/b&gt;')
  })

  it('tells the fields of a change in one order, in words', async () => {
    const changes = {
      timeZone: ['', 'UTC'],
      successKeywords: ['', 'done'],
      schedule: ['every 900 s', 'every 86400 s'],
      name: ['', 'nightly'],
      description: ['', 'of all'],
      grace: ['', '5400 s'],
    } as const
    await web.audits.put(anEntry({ requestId: 'ordered', changes, at: web.time.now + 1 }))

    const { text } = await web.get(path, owner)

    const words = text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    expect(words).toContain(
      'name nightly schedule every 15 min → every 1 d time zone UTC grace 1 h 30 min description of all success keywords done',
    )
  })

  it('leads to what was before the last hundred', async () => {
    for (let count = 0; count < 101; count += 1)
      await web.audits.put(anEntry({ at: web.time.now + count, requestId: `more-${count}` }))

    const first = await web.get(path, owner)
    const older = /rel="next" href="([^"]+)"/.exec(first.text)?.[1] ?? ''
    const second = await web.get(older, owner)

    expect(first.text.match(/check changed/g)).toHaveLength(100)
    expect(second.text.match(/check changed/g)).toHaveLength(3)
    expect(second.text).not.toContain('rel="next"')
  })

  it('takes an odd place for none', async () => {
    expect((await web.get(`${path}?before=yesterday`, owner)).status).toBe(200)
  })
})
