import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  advanceTo,
  aProject,
  createCheck,
  invokeAndAdvance,
  type LocalProject,
  mailsTo,
  now,
  ping,
  readCheck,
  readMeter,
  request,
} from '../support/stack.ts'

const slack = 60

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

async function subjects(): Promise<readonly string[]> {
  return (await mailsTo(project)).map(({ subject }) => subject)
}

describe('a job that misses its ping', () => {
  it('is told of once, and once more when it is back', async () => {
    const check = await createCheck(project, { name: 'nightly backup', tags: 'prod db' })
    await ping(check.ping_url, 'copied 42 files')
    await advance(900 + slack)

    const [down, ...more] = await mailsTo(project)
    expect(more).toEqual([])
    expect(down).toMatchObject({ to: [project.email], subject: 'DOWN | nightly backup' })
    for (const part of [
      'nightly backup',
      'End to end',
      'prod',
      'db',
      '10 minutes',
      '5 minutes',
      'copied 42 files',
    ]) {
      expect(down?.text).toContain(part)
      expect(down?.html).toContain(part)
    }
    await advance(3600)
    await ping(check.ping_url)

    expect(await subjects()).toEqual(['DOWN | nightly backup', 'UP | nightly backup'])
    await ping(check.ping_url)
    expect((await subjects()).length).toBe(2)
  })

  it('is told of within seconds of its deadline, and the flip has the time of the deadline', async () => {
    const check = await createCheck(project)
    await ping(check.ping_url)
    const pingedAt = await now()
    await advance(900 + slack)

    const [mail] = await mailsTo(project)
    expect(Date.parse(mail?.sentAt ?? '') - pingedAt).toBeLessThan(905_000)
    const flips = await request('GET', `/api/v3/checks/${check.uuid}/flips/`, {
      key: project.apiKey,
    })
    const [flip] = (
      flips.json as {
        readonly flips: readonly { readonly timestamp: string; readonly up: number }[]
      }
    ).flips
    expect(flip?.up).toBe(0)
    expect(Math.abs(Date.parse(flip?.timestamp ?? '') - (pingedAt + 900_000))).toBeLessThan(2000)
  })

  it('without a name is told of by its UUID', async () => {
    const check = await createCheck(project)
    await ping(`${check.ping_url}/fail`)

    expect(await subjects()).toEqual([`DOWN | ${check.uuid}`])
  })
})

describe('a job in time', () => {
  it('is not told of, though its ping came just inside the deadline', async () => {
    const check = await createCheck(project)
    await ping(check.ping_url)
    await advance(885)
    await ping(check.ping_url)
    await advance(slack)

    expect(await subjects()).toEqual([])
    expect((await readCheck(project, check.uuid))['status']).toBe('up')
  })

  it('is not told of when its first ping brings it up', async () => {
    const check = await createCheck(project)
    await ping(check.ping_url)

    expect(await subjects()).toEqual([])
  })
})

describe('a job that reports', () => {
  it('a start and no end is told of when its grace time is over', async () => {
    const check = await createCheck(project, { name: 'report' })
    await ping(`${check.ping_url}/start`)
    await advance(300 + slack)

    expect(await subjects()).toEqual(['DOWN | report'])
  })

  it('a fail is told of at once, and only once', async () => {
    const check = await createCheck(project, { name: 'report' })
    await ping(`${check.ping_url}/3`, 'disk full')
    await ping(`${check.ping_url}/fail`)

    const mails = await mailsTo(project)
    expect(mails.map(({ subject }) => subject)).toEqual(['DOWN | report'])
    expect(mails[0]?.text).toContain('disk full')
  })
})

describe('a cron job', () => {
  it('is expected after the gap of a spring night, not in it', async () => {
    const gap = nextSpringForward(await now())
    await advanceTo(gap - 13 * 3_600_000)
    const check = await createCheck(project, {
      name: 'in the gap',
      schedule: '30 3 * * *',
      tz: 'Europe/Riga',
      grace: 600,
    })
    await ping(check.ping_url)

    expect((await readCheck(project, check.uuid))['next_ping']).toBe(
      new Date(gap).toISOString().replace('.000Z', '+00:00'),
    )
    await advanceTo(gap + 9 * 60_000)
    expect(await subjects()).toEqual([])
    await advanceTo(gap + 10 * 60_000 + 10_000)
    expect(await subjects()).toEqual(['DOWN | in the gap'])
  })
})

/**
 * When the clocks of Riga go from 3:00 to 4:00 next, some days ahead: at 1:00 UTC on the last
 * Sunday of March.
 */
function nextSpringForward(from: number): number {
  const year = new Date(from).getUTCFullYear()
  const [gap = 0] = [year, year + 1]
    .map(lastSundayOfMarch)
    .filter((at) => at > from + 2 * 86_400_000)
  return gap
}

function lastSundayOfMarch(year: number): number {
  const last = new Date(Date.UTC(year, 2, 31, 1))
  return last.getTime() - last.getUTCDay() * 86_400_000
}

describe('a change of the check', () => {
  it('reaches the way of a ping at once', async () => {
    const check = await createCheck(project)
    await request('POST', `/api/v3/checks/${check.uuid}`, {
      key: project.apiKey,
      json: { methods: 'POST' },
    })

    expect((await request('GET', check.ping_url)).text).toBe('OK')

    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'new', n_pings: 1 })
  })

  it('to a shorter period brings down what is overdue by then, as of that deadline', async () => {
    const check = await createCheck(project, { name: 'shorter', timeout: 86_400 })
    await ping(check.ping_url)
    await advance(1000)
    await request('POST', `/api/v3/checks/${check.uuid}`, {
      key: project.apiKey,
      json: { timeout: 60, grace: 60 },
    })
    await advance(slack + 10)

    expect(await subjects()).toEqual(['DOWN | shorter'])
  })

  it('to a longer period holds back what would have been told', async () => {
    const check = await createCheck(project)
    await ping(check.ping_url)
    await advance(840)
    await request('POST', `/api/v3/checks/${check.uuid}`, {
      key: project.apiKey,
      json: { timeout: 7200 },
    })
    await advance(slack * 3)

    expect(await subjects()).toEqual([])
  })
})

describe('a check', () => {
  const post = (id: string, verb: string) =>
    request('POST', `/api/v3/checks/${id}/${verb}`, { key: project.apiKey })

  it('that is paused says nothing until it is resumed, pinged and missed again', async () => {
    const check = await createCheck(project, { name: 'paused' })
    await ping(check.ping_url)
    await post(check.uuid, 'pause')
    await advance(3600)
    expect(await subjects()).toEqual([])
    await post(check.uuid, 'resume')
    await advance(3600)
    expect(await subjects()).toEqual([])
    await ping(check.ping_url)
    await advance(900 + slack)

    expect(await subjects()).toEqual(['DOWN | paused'])
  })

  it('that is deleted says nothing and takes no ping', async () => {
    const check = await createCheck(project)
    await ping(check.ping_url)
    await request('DELETE', `/api/v3/checks/${check.uuid}`, { key: project.apiKey })

    expect(await request('GET', check.ping_url)).toMatchObject({ status: 404, text: 'not found' })
    await advance(900 + slack)
    expect(await subjects()).toEqual([])
  })
})

describe('the concurrency of the account', () => {
  it('is looked at by the run of the sweep whose turn it is, which may', async () => {
    const day = 24 * 3_600_000
    await advanceTo(Math.ceil((await now()) / day) * day + 9 * 3_600_000 + 37 * 60_000 + 10_000)

    // By hand: while nothing would come of it, the stack leaves runs of the sweep out.
    await invokeAndAdvance('sweep', 300)

    expect((await readMeter())['sweep']?.calls['lambda.GetAccountSettings']).toMatchObject({
      Account: { count: 1, errors: 0 },
    })
  })
})
