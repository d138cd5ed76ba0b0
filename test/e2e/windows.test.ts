import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  advanceTo,
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

const minute = 60_000

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

/** A window that begins so many minutes from now, and its id. */
async function aWindow(inMinutes: number, fields: object) {
  const startAt = Math.floor((await now()) / 1000) * 1000 + inMinutes * minute
  const json = { name: 'patching', start: new Date(startAt).toISOString(), ...fields }
  const answer = await request('POST', '/api/v3/windows/', { key: project.apiKey, json })
  expect(answer.status).toBe(201)
  await settle()
  return { startAt, id: (answer.json as { readonly id: string }).id }
}

const subjects = async () => (await mailsTo(project)).map(({ subject }) => subject)

describe('a window', () => {
  it('excuses a run whose deadline lies in it, and the check is expected a period after its end', async () => {
    const { uuid, ping_url: url } = await createCheck(project, { name: 'backup' })
    await ping(url)
    const { startAt } = await aWindow(14, { seconds: 600 })
    const deadline = startAt + (10 + 10 + 5) * minute

    await advanceTo(deadline - 20_000)
    expect(['up', 'grace']).toContain((await readCheck(project, uuid))['status'])
    expect(await subjects()).toEqual([])

    await advanceTo(deadline + 90_000)
    expect(await subjects()).toEqual(['DOWN | backup'])
    const flips = await request('GET', `/api/v3/checks/${uuid}/flips/`, { key: project.apiKey })
    const timestamp = new Date(deadline).toISOString().replace('.000Z', '+00:00')
    expect(flips.json).toMatchObject({ flips: [{ timestamp }, {}] })
  })

  it('holds what fails in it until it ends, for checks with its tags, and says so', async () => {
    const [inside, outside] = [
      await createCheck(project, { name: 'dump', tags: 'prod db', timeout: 86_400 }),
      await createCheck(project, { name: 'report', tags: 'dev', timeout: 86_400 }),
    ]
    const { startAt } = await aWindow(1, { seconds: 1800, tags: 'db' })
    await advanceTo(startAt + minute)
    for (const { ping_url: url } of [inside, outside]) await ping(`${url}/fail`)

    await advance(120)
    expect(await subjects()).toEqual(['DOWN | report'])
    expect(await readCheck(project, inside.uuid)).toMatchObject({ status: 'down', held: 'window' })

    await advanceTo(startAt + 33 * minute)
    const [, held] = await mailsTo(project)
    expect(held).toMatchObject({ subject: 'DOWN | dump' })
    expect(held?.text).toContain('window "patching"')
  })

  it('keeps from all what fails and recovers in it, also by a tag that a check got later', async () => {
    const check = await createCheck(project, { name: 'dump', timeout: 86_400 })
    const { startAt } = await aWindow(1, { seconds: 1800, tags: 'db' })
    const json = { tags: 'db' }
    await request('POST', `/api/v3/checks/${check.uuid}`, { key: project.apiKey, json })
    await settle()
    await advanceTo(startAt + minute)
    await ping(`${check.ping_url}/fail`)
    await advance(300)
    await ping(check.ping_url)

    await advanceTo(startAt + 33 * minute)

    expect(await subjects()).toEqual([])
  })

  it('holds nothing any more once it is deleted', async () => {
    const check = await createCheck(project, { name: 'dump', timeout: 86_400 })
    const { startAt, id } = await aWindow(1, { seconds: 7200 })
    await advanceTo(startAt + minute)
    await ping(`${check.ping_url}/fail`)
    await advance(120)
    expect(await subjects()).toEqual([])

    await request('DELETE', `/api/v3/windows/${id}`, { key: project.apiKey })
    await settle()
    await advance(150)

    expect(await subjects()).toEqual(['DOWN | dump'])
  })
})
