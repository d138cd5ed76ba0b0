import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  advanceTo,
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  now,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

const minute = 60

let project: LocalProject
beforeEach(async () => {
  await advance(2 * minute)
  project = await aProject()
})
afterEach(async () => {
  await request('DELETE', '/_local/faults')
  // A trouble ends with a full clean minute.
  await advance(5 * minute)
})

/** Pings can't be taken: what the ping function would write, it can't. */
async function breakIntake(): Promise<void> {
  const fault = {
    service: 'dynamodb',
    operation: 'UpdateItem',
    function: 'ping',
    error: 'InternalServerError',
  }
  const spill = { service: 'sqs', function: 'ping', error: 'ServiceUnavailable' }
  expect((await request('POST', '/_local/faults', { json: [fault, spill] })).status).toBe(200)
}

async function mendIntake(): Promise<void> {
  await request('DELETE', '/_local/faults')
}

async function subjects(): Promise<readonly string[]> {
  return (await mailsTo(project)).map(({ subject }) => subject)
}

describe('while pings can not be taken', () => {
  it('a missed deadline is held back, and a ping in the time that was lost makes it none', async () => {
    const check = await createCheck(project, { name: 'held', timeout: 300, grace: 60 })
    await request('GET', check.ping_url)
    const pingedAt = await now()
    await advance(4 * minute)
    await breakIntake()

    await advanceTo(pingedAt + 10 * minute * 1000)
    expect((await request('GET', check.ping_url)).status).toBeGreaterThanOrEqual(500)
    expect(await subjects()).toEqual([])
    expect((await readCheck(project, check.uuid))['status']).toBe('grace')
    await mendIntake()
    await advance(3 * minute)
    expect((await readCheck(project, check.uuid))['status']).toBe('grace')
    expect((await request('GET', check.ping_url)).status).toBe(200)
    await advance(4 * minute)

    expect(await subjects()).toEqual([])
    expect((await readCheck(project, check.uuid))['status']).toBe('up')
  })

  it('nobody is told of a job whose ping waits in the spill queue past its deadline', async () => {
    const check = await createCheck(project, { name: 'spilled', timeout: 300, grace: 60 })
    await request('GET', check.ping_url)
    const pingedAt = await now()
    await advance(4 * minute)
    const fault = { service: 'dynamodb', operation: 'UpdateItem', error: 'InternalServerError' }
    await request('POST', '/_local/faults', {
      json: ['ping', 'replay'].map((name) => ({ ...fault, function: name })),
    })

    await advanceTo(pingedAt + 5 * minute * 1000)
    expect((await request('GET', check.ping_url)).status).toBe(200)
    await advance(6 * minute)
    expect(await subjects()).toEqual([])
    await mendIntake()
    await advance(2 * minute)
    await request('GET', check.ping_url)
    await advance(4 * minute)

    expect(await subjects()).toEqual([])
    expect((await readCheck(project, check.uuid))['n_pings']).toBe(3)
  })

  it('a job that never pings is alerted once its deadline and the time that was lost are over', async () => {
    const check = await createCheck(project, { name: 'gone', timeout: 300, grace: 60 })
    await request('GET', check.ping_url)
    const pingedAt = await now()
    await advance(4 * minute)
    await breakIntake()
    await advance(4 * minute)
    await mendIntake()
    await advance(20 * minute)

    const [mail, ...more] = await mailsTo(project)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('DOWN | gone')
    expect(mail?.text).toContain('Pings could not be taken between')
    expect(mail?.html).toContain('Pings could not be taken between')
    // The interval began up to a minute before the fault, and ended a clean minute, seen each
    // minute, behind it.
    const late = (Date.parse(mail?.sentAt ?? '') - pingedAt) / 1000 - 360
    expect(late).toBeGreaterThan(5 * minute)
    expect(late).toBeLessThan(8 * minute)
  })

  it('is alerted with a note when the hold has lasted for its longest', async () => {
    const check = await createCheck(project, { name: 'capped', timeout: 300, grace: 60 })
    await request('GET', check.ping_url)
    const pingedAt = await now()
    await advance(4 * minute)
    await breakIntake()

    await advanceTo(pingedAt + (360 + 15 * minute - 20) * 1000)
    expect(await subjects()).toEqual([])
    await advance(40)

    const [mail] = await mailsTo(project)
    expect(mail?.subject).toBe('DOWN | capped')
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toMatch(
      /Since .* pings cannot be taken: this may be the fault of the monitoring/,
    )
  })

  it('a job that reports a failure is alerted at once', async () => {
    const check = await createCheck(project, { name: 'failing' })
    await breakIntake()
    await advance(2 * minute)
    await mendIntake()

    expect((await request('GET', `${check.ping_url}/fail`)).status).toBe(200)

    expect(await subjects()).toEqual(['DOWN | failing'])
  })
})

describe('the canary', () => {
  it('shows in nobody’s list, log or mail, and is no part of what is measured of pings', async () => {
    await settle()
    await resetMeter()

    await advance(5 * minute)

    const meter = await readMeter()
    expect(meter['ping']?.calls ?? {}).toEqual({})
    expect(
      meter['canary']?.calls['dynamodb.UpdateItem']?.['Heartbeats']?.writeUnits,
    ).toBeGreaterThan(0)
    expect(meter['record']?.calls ?? {}).toEqual({})
    const list = (await request('GET', '/api/v3/checks/', { key: project.apiKey })).json
    expect(list).toEqual({ checks: [] })
  })

  it('stays when the registry and the heartbeats are compared', async () => {
    await advance(25 * 3600)
    await resetMeter()
    await advance(2 * minute)

    expect(
      (await readMeter())['canary']?.calls['dynamodb.UpdateItem']?.['Heartbeats']?.count,
    ).toBeLessThanOrEqual(3)
  })
})
