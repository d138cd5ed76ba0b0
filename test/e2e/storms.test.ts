import { describe, expect, it } from 'vitest'
import {
  advance,
  advanceTo,
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  now,
  readMeter,
  request,
  resetMeter,
} from '../support/stack.ts'

const minute = 60_000

/** To the first seconds of a minute, so that what follows within a few seconds falls into one. */
async function intoNewMinute(): Promise<void> {
  await advanceTo(Math.ceil(((await now()) + 1) / minute) * minute + 2000)
}

async function subjectsTo(project: LocalProject): Promise<readonly string[]> {
  return (await mailsTo(project)).map(({ subject }) => subject)
}

describe('a storm of alerts', () => {
  it('is told by 20 mails and one digest within a minute, and its end likewise', async () => {
    const project = await aProject()
    const names = Array.from({ length: 30 }, (_, index) => `job ${index}`)
    await intoNewMinute()
    const checks = await Promise.all(names.map((name) => createCheck(project, { name })))
    for (const { ping_url: url } of checks) await request('POST', url)
    // Just past the deadlines, which lie seconds apart; their alerts go out a second or two later.
    await intoNewMinute()
    await advance(14 * 60 + 30)

    const singles = await subjectsTo(project)
    expect(singles).toHaveLength(20)
    expect(singles.filter((subject) => /^DOWN \| job \d+$/.test(subject))).toHaveLength(20)
    await advance(60)
    const [digest, ...more] = (await mailsTo(project)).slice(20)
    expect([digest?.subject, more]).toEqual(['10 checks are down: End to end', []])
    const told = names.filter(
      (name) => singles.includes(`DOWN | ${name}`) || digest?.text.includes(`${name}\n`),
    )
    expect(told).toEqual(names)

    await intoNewMinute()
    await Promise.all(checks.map(({ ping_url: url }) => request('POST', url)))
    await advance(60)
    const recoveries = (await subjectsTo(project)).slice(21)
    expect(recoveries.filter((subject) => subject.startsWith('UP | '))).toHaveLength(20)
    expect(recoveries.at(-1)).toBe('10 checks are back: End to end')
    expect(recoveries).toHaveLength(21)
  })

  it('costs quiet times two writes for each alert', async () => {
    const project = await aProject()
    const check = await createCheck(project)
    await request('POST', check.ping_url)
    await mailsTo(project)
    await resetMeter()

    await request('POST', `${check.ping_url}/fail`)
    await mailsTo(project)

    const { alert } = await readMeter()
    expect(alert?.calls['dynamodb.UpdateItem']).toMatchObject({
      Journal: { count: 2, writeUnits: 2 },
    })
  })
})
