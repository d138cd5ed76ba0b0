import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  base,
  createCheck,
  mailsTo,
  now,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

const DAY_SECONDS = 86_400

async function fault(...faults: readonly object[]): Promise<void> {
  expect((await request('POST', '/_local/faults', { json: faults })).status).toBe(200)
}

afterEach(async () => {
  await request('DELETE', '/_local/faults')
})

describe('a fault', () => {
  it('fails the calls that it is for, as often as it says', async () => {
    const project = await aProject()
    const check = await createCheck(project)
    const read = () => request('GET', `/api/v3/checks/${check.uuid}`, { key: project.apiKey })
    // The function tries three times.
    await fault({
      service: 'dynamodb',
      operation: 'GetItem',
      resource: 'Heartbeats',
      function: 'api',
      error: 'InternalServerError',
      times: 3,
    })

    expect((await read()).status).toBeGreaterThanOrEqual(500)
    expect((await read()).status).toBe(200)
  })

  it('loses an answer behind its effect, and the ping counts once', async () => {
    const project = await aProject()
    const check = await createCheck(project)
    await fault({
      service: 'dynamodb',
      operation: 'UpdateItem',
      function: 'ping',
      error: 'InternalServerError',
      times: 1,
      after: true,
    })

    expect((await request('GET', check.ping_url)).status).toBe(200)

    expect((await readCheck(project, check.uuid))['n_pings']).toBe(1)
  })

  it('crashes a function, which is back for the next request', async () => {
    const { ping_url: url } = await createCheck(await aProject())
    await fault({ service: 'dynamodb', function: 'ping', error: 'crash', times: 1 })

    expect((await request('GET', url)).status).toBe(502)
    expect((await request('GET', url)).status).toBe(200)
  })

  it('stalls calls on the clock of the stack', async () => {
    const project = await aProject()
    const check = await createCheck(project, { name: 'slow mail' })
    await fault({ service: 'ses', latencyMs: 10_000, times: 1 })
    await request('GET', `${check.ping_url}/fail`)

    await advance(60)

    expect((await mailsTo(project)).map(({ subject }) => subject)).toEqual(['DOWN | slow mail'])
  })

  it('is refused when it is none', async () => {
    const answer = await request('POST', '/_local/faults', {
      json: [{ service: 'dynamodb', tims: 1 }],
    })

    expect(answer).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('tims') as string },
    })
  })
})

describe('a mail that SES does not take', () => {
  it('arrives once when SES is back, though that takes hours', async () => {
    const project = await aProject()
    const check = await createCheck(project, { name: 'patient' })
    await fault({ service: 'ses', error: 'ServiceUnavailableException' })
    await request('GET', `${check.ping_url}/fail`)
    await advance(5 * 3600)
    expect(await mailsTo(project)).toEqual([])
    await request('DELETE', '/_local/faults')

    await advance(3 * 3600)

    expect((await mailsTo(project)).length).toBe(1)
  })
})

describe('the clock of the stack', () => {
  it('passes a year, and what fell due in it happened at its time', async () => {
    const project = await aProject()
    const check = await createCheck(project, {
      name: 'yearly',
      timeout: 200 * DAY_SECONDS,
      grace: 10 * DAY_SECONDS,
    })
    await request('GET', check.ping_url)
    const pingedAt = await now()

    await advance(365 * DAY_SECONDS)

    const [mail] = await mailsTo(project)
    expect(mail?.subject).toBe('DOWN | yearly')
    expect(Date.parse(mail?.sentAt ?? '') - pingedAt - 210 * DAY_SECONDS * 1000).toBeLessThan(
      60_000,
    )
  })

  it('leaves out sweeps that can do nothing, but for the last', async () => {
    await settle()
    await advance(DAY_SECONDS)
    await resetMeter()

    await advance(DAY_SECONDS)

    expect(
      (await readMeter())['sweep']?.calls['dynamodb.PutItem']?.['Operations']?.count,
    ).toBeLessThan(200)
    expect(
      (await readMeter())['sweep']?.calls['dynamodb.PutItem']?.['Operations']?.count,
    ).toBeGreaterThan(0)
  })
})

describe('the AWS of the stack', () => {
  it('lets a function do what its role allows, and nothing else', async () => {
    const asPing = new DynamoDBClient({
      endpoint: `${base}/_local/aws`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'ping', secretAccessKey: 'local' },
    })
    const read = (TableName: string, Key: object) =>
      asPing.send(new GetItemCommand({ TableName, Key: Key as never }))

    await expect(read('Lookups', { key: { S: 'x' } })).resolves.toMatchObject({})
    await expect(read('Registry', { pk: { S: 'x' }, sk: { S: 'x' } })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })

  it('knows no strangers', async () => {
    const client = new DynamoDBClient({
      endpoint: `${base}/_local/aws`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'stranger', secretAccessKey: 'x' },
    })

    await expect(
      client.send(new GetItemCommand({ TableName: 'Lookups', Key: { key: { S: 'x' } } })),
    ).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })
})

describe('the one port', () => {
  it('refuses a body that Lambda would not take, and its sender gets to know', async () => {
    const { ping_url: url } = await createCheck(await aProject())

    const statusOf = async (body: string | Uint8Array<ArrayBuffer>) =>
      (await request('POST', url, { body })).status

    expect(await statusOf('x'.repeat(12_000_000))).toBe(413)
    expect(await statusOf(new Uint8Array(4_800_000))).toBe(413)
    expect(await statusOf(new Uint8Array(4_000_000))).toBe(200)
    expect(await statusOf('x'.repeat(6_000_000))).toBe(200)
  })

  it('has a page that says what runs here', async () => {
    expect((await request('GET', '/_local/')).text).toContain('/_local/mail')
  })
})
