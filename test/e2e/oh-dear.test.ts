import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  base,
  type LocalProject,
  mailsTo,
  readCheck,
  readMeter,
  resetMeter,
  settle,
} from '../support/stack.ts'

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

/** As Laravel's HTTP client sends it for schedule-monitor. */
async function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(new URL(path, base), {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'GuzzleHttp/7', ...headers },
  })
  expect(response.status).toBe(200)
  return response
}

/** What `schedule-monitor:sync` sends of an application with one task, which runs each minute. */
const recorded =
  '{"cron_checks":[{"name":"queue:prune","type":"cron","cron_expression":"* * * * *","grace_time_in_minutes":5,"server_timezone":"UTC","description":""}]}'

async function aSyncedCheck() {
  const answer = await post('/monitors/7/cron-checks/sync', recorded, {
    Accept: 'application/json',
    Authorization: `Bearer ${project.apiKey}`,
  })
  const [check] = (await answer.json()) as [{ readonly uuid: string; readonly ping_url: string }]
  return check
}

const oneWrite = { count: 1, readUnits: 0, writeUnits: 1, errors: 0 }
const callsOfPing = async () => (await readMeter())['ping']?.calls

const subjects = async () => (await mailsTo(project)).map(({ subject }) => subject)

describe('an application with schedule-monitor', () => {
  it('is watched from its sync on, and its failure told with its message', async () => {
    const { uuid, ping_url: url } = await aSyncedCheck()

    await post(`${url}/starting`, '[]')
    expect((await readCheck(project, uuid)).started).toBe(true)
    await advance(7)
    await post(`${url}/finished`, '{"exit_code":0,"memory":20971520}')
    const { status, last_duration: took } = await readCheck(project, uuid)
    expect(status).toBe('up')
    // The clock moves some seconds further while something else is in flight.
    expect(took).toBeOneOf([7, 8, 9, 10, 11])
    await post(`${url}/failed`, '{"failure_message":"SQLSTATE[HY000] gone away"}')

    const [down, ...more] = await mailsTo(project)
    expect(more).toEqual([])
    expect(down?.subject).toBe('DOWN | queue:prune')
    expect(down?.text).toContain('SQLSTATE[HY000] gone away')
    await post(`${url}/finished`, '{"runtime":0.8,"exit_code":0,"memory":20971520}')
    expect(await subjects()).toEqual(['DOWN | queue:prune', 'UP | queue:prune'])
  })

  it('is told of when a task does not finish in its grace time', async () => {
    const { uuid } = await aSyncedCheck()
    // By the address that the package is given in its settings.
    await post(`/ping/${uuid}/finished`, '{"runtime":12.7,"exit_code":0,"memory":20971520}')

    await advance(7 * 60)

    expect(await subjects()).toEqual(['DOWN | queue:prune'])
  })

  it('costs one write a ping, and one more for what its body says', async () => {
    const { ping_url: url } = await aSyncedCheck()
    await settle()
    await resetMeter()

    await post(`${url}/starting`, '[]')
    expect(await callsOfPing()).toEqual({ 'dynamodb.UpdateItem': { Heartbeats: oneWrite } })
    await resetMeter()
    await post(`${url}/finished`, '{"exit_code":0,"memory":20971520}')
    expect(await callsOfPing()).toEqual({
      'dynamodb.UpdateItem': { Heartbeats: oneWrite },
      'dynamodb.PutItem': { Journal: oneWrite },
    })
  })
})
