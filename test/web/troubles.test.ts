import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeEntry } from '../../lambdas/store/keys.ts'
import { TroubledChannels } from '../../lambdas/web/troubles.ts'
import { minute } from '../support/builders.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let person: Person
let [path, checkId, channelId, address] = ['', '', '', '']

beforeAll(async () => {
  web = await makeTestWeb()
  const { project, apiKey, channel } = await web.project()
  ;[path, channelId, address] = [`/app/p/${project.id}/`, channel.id, channel.address]
  person = await web.person(project.id)
  const json = { name: 'backup', timeout: 86_400 }
  checkId = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json.uuid
  await web.ping(checkId)
})
afterAll(() => web.stop())

/** What stands above the list, as another instance shows it, on the page and in its fresh part. */
async function banners(deps: Parameters<TestWeb['makeVisit']>[0] = {}): Promise<readonly string[]> {
  const visit = web.makeVisit({ troubled: new TroubledChannels(web), ...deps })
  const [page, part] = await Promise.all(
    [path, `${path}live`].map(async (each) => (await visit('GET', each, { as: person })).text),
  )
  const found = (text = '') =>
    [...text.matchAll(/<p class="banner warning"[^>]*>(.*?)<\/p>/gs)].map(([, words = '']) =>
      words
        .replaceAll(/<[^>]+>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
  expect(found(part)).toEqual(found(page))
  return found(page)
}

describe('above a list', () => {
  it('nothing stands while all is well', async () => {
    expect(await banners()).toEqual([])
  })

  it('stands that pings are not taken, while that lasts', async () => {
    const interval = { startedAt: web.time.now - minute }
    const over = { ...interval, endedAt: web.time.now }
    const intakeOf = (intervals: readonly (typeof interval)[]) => ({
      impairmentAt: () => Promise.resolve({ intervals, longestHoldMs: 15 * minute }),
    })

    const [now, ...others] = await banners({ intake: intakeOf([over, interval]) })

    expect(now).toMatch(/^Pings can’t be taken since .*, by 15 min at most\.$/)
    expect(others).toEqual([])
    expect(await banners({ intake: intakeOf([interval, over]) })).toEqual([])
  })

  it('stands how many addresses get no mail, and how many channels were given up', async () => {
    await web.addresses.suppress({
      address,
      mailedAt: web.time.now,
      reason: 'bounce',
      detail: '',
      at: web.time.now,
    } as Parameters<typeof web.addresses.suppress>[0])
    const outcome = { state: 'failed', at: web.time.now, error: 'refused' }
    const item = { check: channelId, entry: outcomeEntry, ...outcome }
    await web.engine.database.put({ table: web.engine.names.Journal, item })

    expect(await banners()).toEqual([
      '1 address gets no mail any more: mail came back, or the owner complained. See Channels.',
      'The last alert to 1 channel was given up. See Channels.',
    ])
  })

  it('stands how many checks have lost what was known of them', async () => {
    const troubled = { of: () => Promise.resolve({ suppressed: 0, failed: 0 }) }
    await web.engine.database.delete({
      table: web.engine.names.Heartbeats,
      key: { id: checkId },
    })
    expect(await banners({ troubled })).toEqual([])

    web.time.now += 10 * minute

    expect(await banners({ troubled })).toEqual([
      '1 check has lost what pings had left. Nobody is told when such a check misses its ping, until the next one has come.',
    ])
  })

  it('channels are looked at once in five minutes', async () => {
    let looks = 0
    const registry = {
      channels: (...terms: Parameters<typeof web.registry.channels>) => {
        looks += 1
        return web.registry.channels(...terms)
      },
    }
    const troubled = new TroubledChannels({ ...web, registry })
    const projectId = path.split('/')[3] ?? ''

    for (const minutes of [0, 4, 5, 9])
      await troubled.of(projectId, web.time.now + minutes * minute)

    expect(looks).toBe(2)
  })
})
