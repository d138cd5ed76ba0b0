import { beforeEach, describe, expect, it } from 'vitest'
import {
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

const topic = 'arn:aws:sns:us-east-1:000000000000:alerts'
const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default'

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

type ShownChannel = {
  readonly id: string
  readonly verified?: boolean
  readonly last_delivery: { readonly status: string; readonly error: string } | null
}

async function channels(method: string, path: string, json?: object) {
  const answer = await request(method, `/api/v3/channels/${path}`, {
    key: project.apiKey,
    ...(json === undefined ? {} : { json }),
  })
  return { status: answer.status, ...(answer.json as ShownChannel) }
}

describe('a channel made through the API', () => {
  it('by e-mail is told only after its address is verified by the mailed link', async () => {
    const other = { ...project, email: `other-${Date.now()}@example.com` }
    const { id } = await channels('POST', '', { kind: 'email', address: other.email })
    const check = await createCheck(project, { name: 'told', channels: id })
    await request('GET', `${check.ping_url}/fail`)
    await request('GET', check.ping_url)

    const [mail, ...more] = await mailsTo(other)
    const link = /http\S+\/verify\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
    expect(more).toEqual([])
    expect((await request('POST', link)).status).toBe(200)
    await request('GET', `${check.ping_url}/fail`)

    expect((await mailsTo(other)).map(({ subject }) => subject)).toEqual([
      'Verify this address for alerts',
      'DOWN | told',
    ])
    expect(await channels('GET', id)).toMatchObject({
      verified: true,
      last_delivery: { status: 'sent' },
    })
  })

  it('by SNS and EventBridge is told in this account, and nothing on this machine by a webhook', async () => {
    const ids = await Promise.all(
      [
        { kind: 'sns', topic_arn: topic },
        { kind: 'eventbridge', event_bus_arn: bus },
        { kind: 'webhook', down: { url: 'http://localhost:9/' } },
      ].map(async (fields) => (await channels('POST', '', fields)).id),
    )
    const check = await createCheck(project, { name: 'told', channels: ids.join(',') })
    await settle()
    await resetMeter()

    await request('GET', `${check.ping_url}/fail`)
    await settle()

    const statuses = await Promise.all(
      ids.map(async (id) => (await channels('GET', id)).last_delivery?.status),
    )
    expect(statuses).toEqual(['sent', 'sent', 'failed'])
    expect((await readMeter())['deliver']?.calls).toMatchObject({
      'sns.Publish': { [topic]: { count: 1, errors: 0 } },
      'events.PutEvents': { [bus]: { count: 1, errors: 0 } },
    })
  })

  it('by an address that bounces is suppressed, until a new link is followed', async () => {
    const address = 'bounce+alerts@simulator.amazonses.com'
    const { id } = await channels('POST', '', { kind: 'email', address })
    const check = await createCheck(project, { name: 'told', channels: id })
    const [mail] = (await mailsTo({ ...project, email: address })).slice(-1)
    const link = /http\S+\/verify\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
    const unverified = await channels('GET', id)
    expect(unverified).toMatchObject({
      verified: false,
      suppressed: null,
      last_delivery: { status: 'failed' },
    })
    expect(unverified.last_delivery?.error).toMatch(/^bounce/)
    await request('POST', link)
    expect(await channels('GET', id)).toMatchObject({ verified: true, suppressed: null })

    await request('GET', `${check.ping_url}/fail`)
    await settle()
    expect(await channels('GET', id)).toMatchObject({
      suppressed: { reason: 'bounce' },
      last_delivery: { status: 'failed' },
    })
    const mailed = (await mailsTo({ ...project, email: address })).length
    await request('GET', check.ping_url)

    expect(await mailsTo({ ...project, email: address })).toHaveLength(mailed)
    const { last_delivery: last } = await channels('GET', id)
    expect(last?.error).toMatch(/^suppressed since \S+: bounce/)
  })

  it('is tested by the way that alerts take', async () => {
    const { id } = await channels('POST', '', { kind: 'sns', topic_arn: topic })

    expect((await channels('POST', `${id}/test`)).status).toBe(202)

    await settle()
    expect((await channels('GET', id)).last_delivery).toMatchObject({ status: 'sent' })
  })
})
