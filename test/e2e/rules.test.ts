import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recipe, recipes } from '../support/recipes.ts'
import {
  advance,
  advanceTo,
  type ApiCheck,
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  now,
  ping,
  readCheck,
  request,
  settle,
} from '../support/stack.ts'

const minute = 60
const hour = 60 * minute

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

async function pings(check: ApiCheck, ...suffixes: readonly string[]): Promise<void> {
  for (const suffix of suffixes) await ping(check.ping_url + suffix)
}

async function subjects(): Promise<readonly string[]> {
  return (await mailsTo(project)).map(({ subject }) => subject)
}

/** The last mail on one line. */
async function lastText(): Promise<string> {
  return ((await mailsTo(project)).at(-1)?.text ?? '').replace(/\s+/g, ' ')
}

async function post(path: string, json: object) {
  const answer = await request('POST', `/api/v3/${path}`, { key: project.apiKey, json })
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer.json as Readonly<Record<string, string>>
}

async function nextPingAt({ uuid }: ApiCheck): Promise<number> {
  return Date.parse(String((await readCheck(project, uuid))['next_ping']))
}

/** Moves the clock to so many seconds behind the next full hour. */
async function intoNextHour(seconds: number): Promise<void> {
  await advanceTo(Math.ceil((await now()) / (hour * 1000)) * hour * 1000 + seconds * 1000)
}

/** What each recipe promises, by its title. It is tried as it stands there. */
const tries: Readonly<Record<string, (title: string) => Promise<void>>> = {
  'My back-up takes four hours, and must begin by three': async (title) => {
    const check = await createCheck(project, recipe(title))
    const late = await createCheck(project, { ...recipe(title), name: 'late' })
    await Promise.all([pings(check, ''), pings(late, '')])
    await advanceTo((await nextPingAt(check)) + 59 * minute * 1000)
    await pings(check, '/start')
    await advance(4 * hour - minute)
    expect(await subjects()).toEqual(['DOWN | late'])

    await advance(2 * minute)
    expect(await subjects()).toEqual(['DOWN | late', 'DOWN | back-up'])
    expect(await lastText()).toContain('did not finish within 4 hours')
  },

  'A back-up that is done in ten seconds has saved nothing': async (title) => {
    const fields = recipe(title)
    const check = await createCheck(project, fields)
    await pings(check, '/start')
    await advance(11 * minute)
    await pings(check, '', '/start')
    expect(await subjects()).toEqual([])

    await pings(check, '')
    expect(await lastText()).toContain('too short')
  },

  'It fails now and then: tell me when it is three times in a row': async (title) => {
    const fields = recipe(title)
    const check = await createCheck(project, fields)
    await pings(check, '', '/fail', '/7')
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'up', failing: 2 })

    await advance(70 * minute + minute)
    expect(await subjects()).toEqual(['DOWN | feed'])
    expect(await lastText()).toMatch(/: failed .*: failed with exit status 7 .*: missed /)
  },

  'That it worked once is no proof': async (title) => {
    const check = await createCheck(project, recipe(title))
    await pings(check, '/fail', '', '', '/fail', '', '')
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'down' })

    await pings(check, '')
    expect(await subjects()).toEqual(['DOWN | feed', 'UP | feed'])
  },

  'It comes some minutes early at times': async (title) => {
    const check = await createCheck(project, recipe(title))
    await intoNextHour(minute)
    await pings(check, '')
    await intoNextHour(-4 * minute)
    await pings(check, '')
    await advance(15 * minute)

    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'up' })
    await advance(hour)
    expect(await subjects()).toEqual(['DOWN | report'])
  },

  'Something runs it in a loop': async (title) => {
    const check = await createCheck(project, recipe(title))
    await pings(check, '', '/start', '', '/log', '')
    expect(await subjects()).toEqual([])

    await pings(check, '')
    expect(await lastText()).toContain('too often')
  },

  'Tell us again until somebody has mended it': async (title) => {
    const check = await createCheck(project, recipe(title))
    await pings(check, '/fail')
    await advance(16 * hour + minute)
    expect(await lastText()).toContain('Still down after 16 hours, told for the 3rd time.')

    await pings(check, '')
    const again = 'STILL DOWN | mail server'
    expect(await subjects()).toEqual(['DOWN | mail server', again, again, 'UP | mail server'])
  },

  'If it is not mended within the hour, tell the one on call': async (title) => {
    const channels = await request('GET', '/api/v3/channels/', { key: project.apiKey })
    const [first] = (channels.json as { readonly channels: readonly { readonly id: string }[] })
      .channels
    const call = { method: 'POST', url: 'https://on-call.example.com/', body: '$STATUS' }
    const { id = '' } = await post('channels/', { kind: 'webhook', down: call, up: call })
    const fields = recipe(title, {
      'id of a channel': id,
    })
    const told = async () => {
      await settle()
      const sent = (await request('GET', '/_local/outgoing')).json
      return (sent as readonly { readonly body: string }[]).map(({ body }) => body)
    }
    const check = await createCheck(project, { ...fields, channels: first?.id })
    await pings(check, '/fail')
    await advance(59 * minute)
    expect([await subjects(), await told()]).toEqual([['DOWN | mail server'], []])

    await advance(3 * minute)
    await pings(check, '')
    expect(await told()).toEqual(['down', 'up'])
    expect(await subjects()).toEqual(['DOWN | mail server', 'UP | mail server'])
  },

  'When the database is down, forty jobs are, and one mail will do': async (title) => {
    const database = await createCheck(project, { name: 'database' })
    const values = { 'UUID of the check of the database': database.uuid }
    const check = await createCheck(project, recipe(title, values))
    const other = await createCheck(project, { ...recipe(title, values), name: 'export' })
    await pings(database, '/fail')
    await Promise.all([pings(check, '/fail'), pings(other, '/fail')])
    await settle()
    expect(await readCheck(project, check.uuid)).toMatchObject({ held: 'depends on database' })
    await pings(other, '')
    await pings(database, '')
    await advance(2 * minute)

    expect(await subjects()).toEqual(['DOWN | database', 'UP | database', 'DOWN | import'])
    expect(await lastText()).toContain('depends on "database"')
  },

  'I know, and I am on it': async (title) => {
    const check = await createCheck(project, { name: 'feed', timeout: 24 * hour })
    await post(`checks/${check.uuid}/snooze`, recipe(title))
    await pings(check, '/fail')
    await advance(4 * hour - minute)
    expect(await subjects()).toEqual([])

    await advance(2 * minute)
    expect(await subjects()).toEqual(['DOWN | feed'])
    expect(await lastText()).toMatch(/Held since .*: snoozed\./)
  },

  'On Sundays from two to four we patch': async (title) => {
    const inside = await createCheck(project, { name: 'inside', tags: 'web' })
    const outside = await createCheck(project, { name: 'outside' })
    const window = await post('windows/', recipe(title))
    await advanceTo(Date.parse(window['next_start'] ?? '') - 5 * minute * 1000)
    await Promise.all([pings(inside, ''), pings(outside, '')])
    await advance(20 * minute)
    await pings(inside, '/fail')
    expect(await subjects()).toEqual(['DOWN | outside'])
    expect(await readCheck(project, inside.uuid)).toMatchObject({ held: 'window' })

    await advance(2 * hour)
    expect(await subjects()).toEqual(['DOWN | outside', 'DOWN | inside'])
    expect(await lastText()).toContain('window "patch sunday"')
  },
}

describe('a recipe of docs/rules.md', () => {
  /** A check that waits for another is looked at each minute, which slows the clock of all. */
  afterEach(async () => {
    const { apiKey: key } = project
    const { json } = await request('GET', '/api/v3/checks/', { key })
    for (const { uuid } of (json as { readonly checks: readonly ApiCheck[] }).checks)
      await request('DELETE', `/api/v3/checks/${uuid}`, { key })
    await request('DELETE', '/_local/outgoing')
  })

  it.each(recipes)('does what it says: %s', async (title) => {
    await (tries[title] ?? expect.unreachable('a recipe that nobody tries'))(title)
  })
})
