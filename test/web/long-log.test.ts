import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import type { LoggedPing, PingType } from '../../lambdas/domain/watching/ping.ts'
import { shortDuration } from '../../lambdas/domain/wire/words.ts'
import { start } from '../support/builders.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

const COUNT = 1200
const expiresAt = start / 1000 + 86_400 * 90

let web: TestWeb
let owner: Person
let apiKey: string
let projectId: string

beforeAll(async () => {
  web = await makeTestWeb()
  const created = await web.project()
  apiKey = created.apiKey
  projectId = created.project.id
  owner = await web.person(projectId)
})
afterAll(() => web.stop())

/** A check that was pinged so many times. */
async function aCheckWithLog(count: number) {
  const json = { name: 'long', timeout: 3600 }
  const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json
  const pings = Array.from({ length: count }, (_, index) => aLoggedPing(index + 1))
  await web.journal.put(
    pings.map((ping) => ({ checkId: uuid, ping })),
    expiresAt,
  )
  return { uuid, path: `/app/p/${projectId}/c/${uniqueKeyOf(uuid)}` }
}

/** Runs of as many seconds as their numbers say, in no order; some fail, and few say something. */
function aLoggedPing(number: number): LoggedPing {
  const isStart = number % 2 === 1
  const runSeconds = 1 + ((number * 7919) % 600)
  return {
    number,
    type: typeOf(number),
    at: start + number * 1_200_000 + (isStart ? 0 : (runSeconds - 1200) * 1000),
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8',
    bodyBytes: 0,
  }
}

function typeOf(number: number): PingType {
  if (number % 2 === 1) return number % 599 === 0 ? 'log' : 'start'
  return number % 20 === 0 ? 'fail' : 'success'
}

/** The numbers of all pings of a log, from its first page to where no older one is linked. */
async function walked(first: string): Promise<readonly (readonly number[])[]> {
  const pages: number[][] = []
  let next: string | undefined = first
  while (next !== undefined && pages.length < 30) {
    const { text } = await web.get(next, owner)
    const found = [...text.matchAll(/data-label="No\." class="number">(\d+)</g)]
    pages.push(found.map(([, number]) => Number(number)))
    next = /rel="next" href="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  }
  return pages
}

describe('a log of more than a thousand pings', () => {
  const numbers = Array.from({ length: COUNT }, (_, index) => COUNT - index)
  let log: string

  beforeAll(async () => {
    log = `${(await aCheckWithLog(COUNT)).path}/log`
  })

  it('is shown whole over its pages, each ping once, newest first', async () => {
    const pages = await walked(log)

    expect(Math.max(...pages.map((page) => page.length))).toBe(100)
    expect(pages.flat()).toEqual(numbers)
  })

  it.each(['fail', 'log', 'start'] as const)('is shown whole of one type: %s', async (type) => {
    expect((await walked(`${log}?type=${type}`)).flat()).toEqual(
      numbers.filter((number) => typeOf(number) === type),
    )
  })
})

describe('the chart of how long runs took', () => {
  it('has the numbers that the API has', async () => {
    const { uuid, path } = await aCheckWithLog(90)

    const { text } = await web.get(path, owner)
    const { json } = await web.call('GET', `/api/v3/checks/${uuid}/pings/`, { key: apiKey })
    const told = json as unknown as {
      readonly pings: readonly {
        readonly n: number
        readonly type: string
        readonly duration?: number
      }[]
    }

    const [, desc = ''] = /<desc>([^<]*)<\/desc>/.exec(text) ?? []
    const runs = told.pings.filter(({ duration }) => duration !== undefined)
    const sorted = runs.map(({ duration = 0 }) => duration * 1000).toSorted((a, b) => a - b)
    const words = (ms = 0) => shortDuration(ms)
    const failed = runs.filter(({ type }) => type === 'fail').length
    expect(runs.length).toBeGreaterThan(20)
    expect(desc).toBe(
      `${runs.length} runs: median ${words(sorted[Math.ceil(runs.length * 0.5) - 1])}, ` +
        `95 % within ${words(sorted[Math.ceil(runs.length * 0.95) - 1])}, ` +
        `longest ${words(sorted.at(-1))}, last ${words((runs[0]?.duration ?? 0) * 1000)}, ` +
        `${failed} failed ×.`,
    )
  })
})
