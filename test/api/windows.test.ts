import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject
const root = '/api/v3/windows/'
const start = '2026-01-01T01:00:00+00:00'
const end = '2026-01-01T02:00:00+00:00'

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  project = await api.project()
})

async function call(method: string, path: string, json?: unknown, key = project.apiKey) {
  const answer = await api.call(method, path, { key, ...(json === undefined ? {} : { json }) })
  const { error } = answer.json
  const { id = '' } = answer.json as unknown as { readonly id?: string }
  return { status: answer.status, json: answer.json as unknown, error, id }
}

const create = (fields: object) => call('POST', root, { name: 'move', seconds: 3600, ...fields })

describe('a window', () => {
  it('is answered with when it is next, alone and in the list, also to read-only keys', async () => {
    const made = await create({ tags: 'db', start })
    const window = { id: made.id, name: 'move', tags: 'db', seconds: 3600, start }
    const shown = { ...window, next_start: start, next_end: end }

    expect(made).toMatchObject({ status: 201, json: shown })
    for (const key of [project.apiKey, project.apiKeyReadonly]) {
      expect(await call('GET', root, undefined, key)).toMatchObject({
        status: 200,
        json: { windows: [shown] },
      })
      expect((await call('GET', root + made.id, undefined, key)).json).toEqual(shown)
    }
  })

  it('is next at no time once it is past', async () => {
    const past = { start: '2025-12-31T23:00:00Z' }

    expect((await create(past)).json).toMatchObject({ next_start: null, next_end: null })
  })

  it('comes again by a schedule in a time zone, UTC unless given', async () => {
    const daily = { schedule: '0 10 * * *', tz: 'Asia/Tokyo' }
    const made = await create(daily)

    expect(made.json).toMatchObject({ ...daily, next_start: start, next_end: end })
    expect(made.json).not.toHaveProperty('start')
    expect((await create({ schedule: '0 1 * * *' })).json).toMatchObject({ tz: 'UTC' })
  })

  it('keeps what a change does not name', async () => {
    const { id } = await create({ schedule: '0 10 * * *', tz: 'Asia/Tokyo', tags: 'db' })
    const change = (json: object) => call('POST', root + id, json)

    expect((await change({ seconds: 60 })).json).toMatchObject({
      seconds: 60,
      tags: 'db',
      tz: 'Asia/Tokyo',
    })
    expect((await change({ tz: 'UTC' })).json).toMatchObject({ schedule: '0 10 * * *', tz: 'UTC' })
    const once = await change({ start })
    expect(once).toMatchObject({ status: 200, json: { start } })
    expect(once.json).not.toHaveProperty('schedule')
  })

  it('is deleted once, with the window as the answer', async () => {
    const { id } = await create({ start })

    expect(await call('DELETE', root + id)).toMatchObject({ status: 200, json: { id } })
    for (const method of ['DELETE', 'GET', 'POST'])
      expect(await call(method, root + id)).toMatchObject({
        status: 404,
        error: 'window not found',
      })
  })

  it('is nobody else’s', async () => {
    const { id } = await create({ start })
    const stranger = await api.project()

    for (const method of ['DELETE', 'GET', 'POST'])
      expect((await call(method, root + id, undefined, stranger.apiKey)).status).toBe(404)
    for (const [method, path] of [
      ['POST', root],
      ['POST', root + id],
      ['DELETE', root + id],
    ] as const)
      expect((await call(method, path, undefined, project.apiKeyReadonly)).status).toBe(401)
  })

  it('is refused with the field that is bad', async () => {
    const cases = [
      [{ start, seconds: 59 }, 'seconds is too small'],
      [{ start, seconds: 2_592_001 }, 'seconds is too large'],
      [{ start, seconds: 60.5 }, 'seconds is not a number'],
      [{ start, seconds: undefined }, 'seconds is missing'],
      [{}, 'start or schedule is missing'],
      [{ start, schedule: '0 1 * * *' }, 'start and schedule must not stand together'],
      [
        { start: '2026-01-01T01:00:00' },
        'start is not an instant in ISO 8601, with its offset from UTC',
      ],
      [{ schedule: '61 * * * *' }, 'schedule is not a valid cron or OnCalendar expression'],
      [{ schedule: '0 1 * * *', tz: 'Mars/Base' }, 'tz is not a valid timezone'],
      [{ start, name: 'n'.repeat(101) }, 'name is too long'],
      [{ start, tags: ['db'] }, 'tags is not a string'],
    ] as const
    for (const [fields, error] of cases)
      expect(await create(fields)).toMatchObject({
        status: 400,
        error: `json validation error: ${error}`,
      })

    const { id } = await create({ start })
    expect(await call('POST', root + id, { start, schedule: '0 1 * * *' })).toMatchObject({
      status: 400,
    })
  })
})
