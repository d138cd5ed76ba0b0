import { afterAll, describe, expect, it } from 'vitest'
import { advance, aProject, createCheck, readCheck, readMeter, request, resetMeter, settle } from '../support/stack.ts'

// Instances remember floods: those who come after find it forgotten.
afterAll(() => advance(900))

describe('a runaway client', () => {
  it('is answered 429 and costs no more, while another check is pinged as ever', async () => {
    const project = await aProject()
    const [wild, calm] = [await createCheck(project), await createCheck(project)]
    await resetMeter()

    const codes: number[] = []
    for (let round = 0; round < 16; round += 1)
      codes.push(...(await Promise.all(Array.from({ length: 50 }, async () => (await fetch(wild.ping_url)).status))))
    expect(await request('GET', calm.ping_url)).toMatchObject({ status: 200 })
    await settle()

    const refused = codes.filter((code) => code === 429).length
    const { count = 0 } = (await readMeter())['ping']?.calls['dynamodb.UpdateItem']?.['Heartbeats'] ?? {}
    expect(refused).toBeGreaterThan(100)
    expect(new Set(codes)).toEqual(new Set([200, 429]))
    expect(count).toBeLessThan(codes.length - refused + 50)
    expect(await readCheck(project, wild.uuid)).toMatchObject({ status: 'up', n_pings: codes.length - refused })
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
