import { describe, expect, it } from 'vitest'
import {
  aProject,
  createCheck,
  heartbeatItem,
  invoke,
  mailsTo,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

describe('a plain ping', () => {
  it('costs one write unit and no read', async () => {
    const { ping_url: url } = await createCheck(await aProject())
    await settle()
    await resetMeter()

    await request('GET', url)

    expect((await readMeter())['ping']?.calls).toEqual({
      'dynamodb.UpdateItem': { Heartbeats: { count: 1, readUnits: 0, writeUnits: 1, errors: 0 } },
    })
  })
})

describe('what AWS delivers twice', () => {
  it('changes nothing the second time, be it a stream batch or a queue message', async () => {
    const project = await aProject()
    const check = await createCheck(project, { name: 'twice' })
    const key = project.apiKey
    await request('GET', check.ping_url)
    const before = await heartbeatItem(check.uuid)
    await request('GET', `${check.ping_url}/fail`)
    const after = await heartbeatItem(check.uuid)
    await settle()
    const log = async () => [
      (await request('GET', `/api/v3/checks/${check.uuid}/pings/`, { key })).json,
      (await request('GET', `/api/v3/checks/${check.uuid}/flips/`, { key })).json,
      (await mailsTo(project)).map(({ subject }) => subject),
    ]
    const once = await log()

    const batch = {
      Records: [
        {
          eventName: 'MODIFY',
          eventSource: 'aws:dynamodb',
          dynamodb: { OldImage: before, NewImage: after, SequenceNumber: '1' },
        },
      ],
    }
    await invoke('record', batch)
    await invoke('relay', batch)
    await invoke('relay', batch)

    expect(await log()).toEqual(once)
    expect(once[2]).toEqual(['DOWN | twice'])
  })
})
