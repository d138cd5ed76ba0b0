import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { but } from '../support/but.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let owner: Person
let project: string
let check: string
let channel: string

beforeAll(async () => {
  web = await makeTestWeb()
  const { project: own, apiKey, channel: first } = await web.project()
  owner = await web.person(own.id)
  project = `/app/p/${own.id}`
  const json = { name: 'nightly', channels: '*' }
  const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json
  await web.ping(uuid)
  check = `${project}/c/${uniqueKeyOf(uuid)}`
  channel = `${project}/channels/${first.id}`
})
afterAll(() => web.stop())

const wide = '😀'.repeat(600)
const odd = ['0', '-1', '1e300', '999999999999999', '\0', 'x'.repeat(3000), wide, '__proto__']
const oddPlaces = [...odd, `0-${wide}`, '9999-99-99', '0000-01-01']
const oddTimes = [...odd, '9007199254740991 s', '100000000 d']
const timing = { schedule: '30 3 * * *', tz: 'UTC', grace: '1 h' }

/** A page's path with each of these values in each of these fields, other fields as they are. */
function queries(
  path: string,
  fields: readonly string[],
  values: readonly string[],
  others: Readonly<Record<string, string>> = {},
): readonly string[] {
  return fields.flatMap((field) =>
    values.map(
      (value) => `${path}?${new URLSearchParams({ ...others, [field]: value }).toString()}`,
    ),
  )
}

/** What of all these is answered by a failure, which would have the operator called. */
async function failing(paths: readonly string[]): Promise<readonly string[]> {
  const failed: string[] = []
  for (const path of paths)
    if ((await web.get(path, owner)).status >= 500) failed.push(path.slice(0, 200))
  return failed
}

describe('a request that no page makes', () => {
  it('is no failure of the dashboard, whatever it asks for', async () => {
    const asked = [
      ...queries(`${project}/live`, ['rows', 'tag', 'q', 'page'], odd),
      ...queries(`${project}/new`, ['copy', 'name', 'schedule'], odd),
      ...queries(`${project}/settings/audit`, ['before'], oddPlaces),
      ...queries(`${project}/channels/new`, ['kind'], odd),
      ...queries(`${check}/log`, ['before', 'until', 'type'], oddPlaces),
      ...queries(`${channel}/live`, ['tested'], odd),
      ...queries('/app/preview', ['schedule', 'tz', 'grace', 'rules.early'], oddTimes, timing),
    ]

    expect(await failing(asked)).toEqual([])
  })

  it('is no failure of the dashboard, whatever its path is', async () => {
    const paths = ['%00', '%FF', '%2F', '..', 'x'.repeat(3000), '__proto__', '1'].flatMap((odd) => [
      `/app/p/${odd}/`,
      `${project}/c/${odd}`,
      `${project}/channels/${odd}`,
      `${check}/pings/${odd}/body`,
      `${check}/snippets/${odd}`,
      `/app/sign-in/${odd}`,
      `/${odd}`,
    ])

    expect(await failing([...paths, `${check}/pings/999999999999`])).toEqual([])
  })

  it('is refused where a form holds what no field takes', async () => {
    const form = { whole: '1', name: 'odd', ...timing }
    const fields = ['name', 'schedule', 'tz', 'grace', 'rules.early', 'rules.escalate.0.after']
    for (const field of fields)
      for (const value of ['x'.repeat(3000), '9007199254740991 s']) {
        const { status } = await web.post(`${project}/new`, { ...form, [field]: value }, owner)
        if (field !== 'name' || value.length > 100) expect([field, status]).toEqual([field, 422])
      }
  })

  it('has no more names looked for than a check may depend on', async () => {
    const unread = web.makeVisit({
      registry: but(web.registry, { checks: () => Promise.reject(new Error('read')) }),
    })
    const form = { whole: '1', name: 'odd', ...timing, 'rules.depends_on': 'nightly\n'.repeat(11) }

    const { status, text } = await unread('POST', `${project}/new`, { as: owner, form })

    expect(status).toBe(422)
    expect(text).toContain('Depends on names more than 10 checks')
  })
})
