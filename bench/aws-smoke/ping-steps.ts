import type { Step } from './step.ts'
import { makeCheck, makeProject, type Tried, type TriedCheck, type World } from './world.ts'

const LARGEST_BODY_BYTES = 4_000_000
const PINGS_IN_A_ROW = 20
const SLOWEST_SECONDS = 3

export const pingSteps: readonly Step[] = [
  {
    name: 'pings of every method',
    expected: 'GET 200, HEAD 200, POST 200, OPTIONS 204, PUT 405, DELETE 405',
    run: methods,
  },
  { name: 'ping with %2D for hyphens', expected: '200 OK', run: escaped },
  { name: 'ping with a form of 4 MB', expected: '200 OK', run: largeForm },
  { name: 'ping with a text in latin-1', expected: '200 OK, 63616665cc81e9 kept', run: latin },
  pingsInARow('pings in a row, by kept connections'),
]

async function aCheck(
  world: World,
): Promise<{ readonly project: Tried; readonly check: TriedCheck }> {
  const project = await makeProject(world, 'success@simulator.amazonses.com')
  return { project, check: await makeCheck(project, { channels: '' }) }
}

async function ping(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init)
  return `${response.status} ${await response.text()}`
}

async function methods(world: World): Promise<string> {
  const { check } = await aCheck(world)
  const seen: string[] = []
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE']) {
    seen.push(`${method} ${(await fetch(check.ping_url, { method })).status}`)
  }
  return seen.join(', ')
}

async function escaped(world: World): Promise<string> {
  const { project, check } = await aCheck(world)
  return ping(`${project.pingEndpoint}/${check.uuid.replaceAll('-', '%2D')}`)
}

async function largeForm(world: World): Promise<string> {
  const { check } = await aCheck(world)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return ping(check.ping_url, {
    method: 'POST',
    headers,
    body: `log=${'x'.repeat(LARGEST_BODY_BYTES - 4)}`,
  })
}

/** What Lambda hands over as text has to be the bytes that came, whatever their charset. */
async function latin(world: World): Promise<string> {
  const { project, check } = await aCheck(world)
  const headers = { 'content-type': 'text/plain; charset=iso-8859-1' }
  const answered = await ping(check.ping_url, {
    method: 'POST',
    headers,
    body: Buffer.from('63616665cc81e9', 'hex'),
  })
  const kept = await fetch(`${project.apiRoot}/checks/${check.uuid}/pings/1/body`, {
    headers: { 'X-Api-Key': project.apiKey },
  })
  return `${answered}, ${Buffer.from(await kept.arrayBuffer()).toString('hex')} kept`
}

/** A function that waits for a connection that is lost takes seconds. */
export function pingsInARow(name: string): Step {
  const expected = `${PINGS_IN_A_ROW} times 200 OK, none after more than ${SLOWEST_SECONDS} s`
  return {
    name,
    expected,
    run: async (world) => {
      const { answers, slowestMs } = await manyPings((await aCheck(world)).check)
      const isGood =
        answers.every((answer) => answer === '200 OK') && slowestMs <= SLOWEST_SECONDS * 1000
      return isGood
        ? expected
        : `${[...new Set(answers)].join(', ')}, the slowest after ${Math.round(slowestMs)} ms`
    },
  }
}

async function manyPings({
  ping_url: url,
}: TriedCheck): Promise<{ readonly answers: readonly string[]; readonly slowestMs: number }> {
  const answers: string[] = []
  let slowestMs = 0
  for (let count = 0; count < PINGS_IN_A_ROW; count += 1) {
    const sentAt = performance.now()
    answers.push(await ping(url))
    slowestMs = Math.max(slowestMs, performance.now() - sentAt)
  }
  return { answers, slowestMs }
}
