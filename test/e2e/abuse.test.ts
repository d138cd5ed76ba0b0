import { afterAll, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  createCheck,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

// Instances remember floods: those who come after find it forgotten.
afterAll(() => advance(900))

describe('a runaway client', () => {
  it('is answered 429, and each ping is counted that was answered 200, while another check is pinged as ever', async () => {
    const project = await aProject()
    const [wild, calm] = [await createCheck(project), await createCheck(project)]
    const flood = async (rounds: number) => {
      const codes: number[] = []
      for (let round = 0; round < rounds; round += 1)
        codes.push(
          ...(await Promise.all(
            Array.from({ length: 10 }, async () => (await fetch(wild.ping_url)).status),
          )),
        )
      return codes
    }

    const first = await flood(65)
    const second = await flood(20)
    expect(await request('GET', calm.ping_url)).toMatchObject({ status: 200 })
    await settle()

    const taken = [...first, ...second].filter((code) => code === 200).length
    expect(new Set(second)).toContain(429)
    expect((await readCheck(project, wild.uuid)).n_pings).toBeGreaterThanOrEqual(taken)
    expect(await readCheck(project, calm.uuid)).toMatchObject({ status: 'up', n_pings: 1 })
  })
})

describe('a flood of unknown UUIDs', () => {
  it('costs a write for few of them', async () => {
    await resetMeter()

    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 40 }, () => request('GET', `/${crypto.randomUUID()}`)))

    const calls = (await readMeter())['ping']?.calls ?? {}
    expect(calls['dynamodb.UpdateItem']?.['Heartbeats']?.writeUnits).toBeLessThan(250)
    expect(calls['dynamodb.GetItem']?.['Heartbeats']?.count).toBeGreaterThan(150)
  })
})
