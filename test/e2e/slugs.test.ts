import { beforeEach, describe, expect, it } from 'vitest'
import {
  aProject,
  createCheck,
  type LocalProject,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

type Listed = {
  readonly checks: readonly {
    readonly uuid: string
    readonly n_pings: number
    readonly status: string
  }[]
}
const onePing = { count: 1, readUnits: 0, writeUnits: 1, errors: 0 }

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

async function checksWith(slug: string): Promise<Listed['checks']> {
  return (
    (await request('GET', `/api/v3/checks/?slug=${slug}`, { key: project.apiKey })).json as Listed
  ).checks
}

describe('a ping by slug', () => {
  it('counts from the answer on that gave the check its slug', async () => {
    const check = await createCheck(project, { slug: 'first' })
    expect((await request('GET', `/ping/${project.pingKey}/first`)).text).toBe('OK')
    await request('POST', `/api/v3/checks/${check.uuid}`, {
      key: project.apiKey,
      json: { slug: 'second' },
    })

    expect((await request('GET', `/${project.pingKey}/first`)).status).toBe(404)
    expect((await request('GET', `/${project.pingKey}/second/fail`)).text).toBe('OK')
    expect(await readCheck(project, check.uuid)).toMatchObject({ n_pings: 2, status: 'down' })
    await request('DELETE', `/api/v3/checks/${check.uuid}`, { key: project.apiKey })
    expect((await request('GET', `/${project.pingKey}/second`)).status).toBe(404)
  })

  it('counts however its path is encoded', async () => {
    await createCheck(project, { slug: 'my-slug' })

    expect((await request('GET', `/${project.pingKey}/%6Dy%2Dslug`)).text).toBe('OK')
    expect(await checksWith('my-slug')).toMatchObject([{ n_pings: 1 }])
  })

  it('costs one read more than one by UUID', async () => {
    await createCheck(project, { slug: 'metered' })
    await settle()
    await resetMeter()

    await request('GET', `/${project.pingKey}/metered`)

    expect((await readMeter())['ping']?.calls).toEqual({
      'dynamodb.GetItem': { Lookups: { count: 1, readUnits: 1, writeUnits: 0, errors: 0 } },
      'dynamodb.UpdateItem': { Heartbeats: onePing },
    })
  })
})

describe('a ping whose body decides', () => {
  it('costs two writes and one read', async () => {
    const check = await createCheck(project, { filter_http_body: true, success_kw: 'done' })
    await settle()
    await resetMeter()

    await request('GET', `${check.ping_url}/fail`)

    const calls = (await readMeter())['ping']?.calls
    expect(calls?.['dynamodb.UpdateItem']?.['Heartbeats']).toMatchObject({
      count: 2,
      writeUnits: 2,
      readUnits: 0,
    })
    expect(calls?.['dynamodb.GetItem']?.['Lookups']).toMatchObject({ count: 1, readUnits: 1 })
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'new', n_pings: 1 })
  })
})

describe('provisioning', () => {
  it('makes one check and counts twenty pings when twenty come first', async () => {
    const url = `/${project.pingKey}/fleet?create=1`

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => request('POST', url, { body: 'hello' })),
    )

    expect(answers.map(({ status, text }) => `${status} ${text}`).sort()).toEqual([
      ...Array.from({ length: 19 }, () => '200 OK'),
      '201 Created',
    ])
    expect(await checksWith('fleet')).toMatchObject([{ n_pings: 20, status: 'up' }])
  })

  it('is done by a function of its own: the ping touches no registry', async () => {
    await resetMeter()

    expect((await request('GET', `/${project.pingKey}/own?create=1`)).status).toBe(201)

    const { ping, provision } = await readMeter()
    expect(Object.keys(ping?.calls ?? {}).sort()).toEqual([
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'lambda.Invoke',
    ])
    expect(Object.values(ping?.calls ?? {}).flatMap(Object.keys)).not.toContain('Registry')
    expect(provision?.calls['dynamodb.TransactWriteItems']).toHaveProperty('Registry')
  })

  it('makes nothing for a ping that is refused', async () => {
    expect((await request('GET', `/${project.pingKey}/refused/256?create=1`)).status).toBe(400)
    expect((await request('GET', `/${project.pingKey}/refused?create=1&rid=1`)).status).toBe(400)

    expect(await checksWith('refused')).toEqual([])
  })
})
