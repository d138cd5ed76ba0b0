import { request } from 'node:https'
import type { Step } from './step.ts'
import { ask, makeCheck, makeProject, secondsUntil, type TriedCheck, type World } from './world.ts'

const MAIL_SECONDS = 180

/** What only some settings bring. */
export const extraSteps: readonly Step[] = [
  { name: 'ping by mail', expected: 'pinged', run: pingByMail },
  { name: 'domain: ping over http', expected: '200', run: pingOverHttp },
  {
    name: 'domain: GET with a body, and by the own name of the API',
    expected: '403, 200',
    run: getWithBody,
  },
]

async function pingByMail(world: World): Promise<string | undefined> {
  if (world.extras.mail === undefined) return undefined
  const project = await makeProject(world, 'success@simulator.amazonses.com')
  const { uuid } = await makeCheck(project, { channels: '' })
  await world.extras.mail(uuid)
  const pinged = async () => (await ask<TriedCheck>(project, `checks/${uuid}`)).n_pings > 0
  return (await secondsUntil(world, MAIL_SECONDS, pinged)) === undefined
    ? `no ping within ${MAIL_SECONDS} s`
    : 'pinged'
}

async function pingOverHttp(world: World): Promise<string | undefined> {
  const { domain } = world.extras
  if (domain === undefined) return undefined
  const project = await makeProject(world, 'success@simulator.amazonses.com')
  const { uuid } = await makeCheck(project, { channels: '' })
  return (await fetch(`http://${domain}/${uuid}`)).status.toString()
}

async function getWithBody(world: World): Promise<string | undefined> {
  const { apiOwnRoot } = world.extras
  if (apiOwnRoot === undefined) return undefined
  const { apiRoot, apiKey } = await makeProject(world, 'success@simulator.amazonses.com')
  const roots = [apiRoot, apiOwnRoot.replace(/\/$/, '')]
  return (await Promise.all(roots.map((root) => statusOf(`${root}/channels/`, apiKey)))).join(', ')
}

/** `fetch` sends no GET with a body. */
function statusOf(url: string, apiKey: string): Promise<number | undefined> {
  const headers = { 'X-Api-Key': apiKey, 'Content-Type': 'application/json', 'Content-Length': '4' }
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'GET', headers },
      (response) => void response.resume().on('end', () => resolve(response.statusCode)),
    )
    sent.on('error', reject).end('null')
  })
}
