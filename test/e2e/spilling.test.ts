import { afterEach, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  createCheck,
  fault,
  heal,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

afterEach(heal)

const heartbeatsFail = {
  service: 'dynamodb',
  operation: 'UpdateItem',
  resource: 'Heartbeats',
  function: 'ping',
  error: 'ThrottlingException',
}
const lookupsFail = {
  service: 'dynamodb',
  operation: 'GetItem',
  resource: 'Lookups',
  function: 'ping',
  error: 'InternalServerError',
}
const replayFails = { service: 'dynamodb', function: 'replay', error: 'InternalServerError' }
const spillFails = {
  service: 'sqs',
  resource: 'Spill',
  function: 'ping',
  error: 'ServiceUnavailable',
}

async function logOf(project: { readonly apiKey: string }, id: string) {
  const { json } = await request('GET', `/api/v3/checks/${id}/pings/`, { key: project.apiKey })
  return (
    json as {
      readonly pings: readonly {
        readonly date: string
        readonly type: string
        readonly n: number
      }[]
    }
  ).pings
}

describe('a ping while DynamoDB fails', () => {
  it('is answered with OK, and recorded with its own time and body when that is over', async () => {
    const project = await aProject()
    const check = await createCheck(project)
    await fault([heartbeatsFail, replayFails])
    const before = Date.parse(
      ((await request('GET', '/_local/ready')).json as { readonly now: string }).now,
    )

    expect(await request('POST', `${check.ping_url}/fail`, { body: 'disk full' })).toMatchObject({
      status: 200,
      text: 'OK',
    })
    await settle()
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'new', n_pings: 0 })
    await heal()
    await advance(600)

    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'down', n_pings: 1 })
    const [logged] = await logOf(project, check.uuid)
    expect(Math.abs(Date.parse(logged?.date ?? '') - before)).toBeLessThan(30_000)
    expect(
      (await request('GET', `/api/v3/checks/${check.uuid}/pings/1/body`, { key: project.apiKey }))
        .text,
    ).toBe('disk full')
  })

  it('by slug makes its check and counts for it when that is over', async () => {
    const project = await aProject()
    await fault([lookupsFail])

    expect(await request('GET', `/ping/${project.pingKey}/spilled?create=1`)).toMatchObject({
      status: 200,
      text: 'OK',
    })
    await heal()
    await settle()

    const { json } = await request('GET', '/api/v3/checks/?slug=spilled', { key: project.apiKey })
    expect(json).toMatchObject({ checks: [{ slug: 'spilled', status: 'up', n_pings: 1 }] })
  })

  it('to a URL that names no check is dropped later', async () => {
    await fault([heartbeatsFail, lookupsFail])
    const project = await aProject()

    for (const path of [`/${project.pingKey}/nothing`, '/00000000-0000-4000-8000-000000000000'])
      expect(await request('GET', path)).toMatchObject({ status: 200 })
    await heal()
    await resetMeter()
    await advance(600)

    expect((await readMeter())['replay']?.calls['sqs.ChangeMessageVisibility']).toBeUndefined()
  })

  it('that SQS does not take either is asked to come again, and is recorded nowhere', async () => {
    const project = await aProject()
    const check = await createCheck(project)
    await fault([heartbeatsFail, spillFails])

    const response = await fetch(check.ping_url)

    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    await heal()
    await advance(600)
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'new', n_pings: 0 })
  })

  it('is answered within three seconds, though nothing that it calls ever answers', async () => {
    const check = await createCheck(await aProject())
    await fault([
      { service: 'dynamodb', function: 'ping', latencyMs: 60_000 },
      { service: 'sqs', function: 'ping', latencyMs: 60_000 },
    ])
    const startedAt = performance.now()

    const { status } = await request('GET', check.ping_url)

    expect(status).toBe(503)
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })
})
