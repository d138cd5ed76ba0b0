import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  ping,
} from '../support/stack.ts'

const longAgo = { timeout: 86_400, grace: 3600 }

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

describe('a check that stays down', () => {
  it('is told of again within a minute of each instant, however far the clock jumps', async () => {
    const rules = { repeat: 1800 }
    const check = await createCheck(project, { name: 'backup', ...longAgo, rules })
    await ping(`${check.ping_url}/fail`)

    await advance(3700)

    const mails = await mailsTo(project)
    const [first = NaN, ...later] = mails.map(({ sentAt }) => Date.parse(sentAt))
    expect(mails.map(({ subject }) => subject)).toEqual([
      'DOWN | backup',
      'STILL DOWN | backup',
      'STILL DOWN | backup',
    ])
    for (const [index, at] of later.entries()) {
      const lateMs = at - first - (index + 1) * 1_800_000
      expect(Math.abs(lateMs - 30_000)).toBeLessThan(36_000)
    }
  })
})

describe('a check that depends on another', () => {
  it('is told of once that is up, if it is still down', async () => {
    const parent = await createCheck(project, { name: 'db', ...longAgo })
    const rules = { depends_on: [parent.uuid] }
    const child = await createCheck(project, { name: 'report', ...longAgo, rules })
    for (const { ping_url: url } of [parent, child]) await ping(`${url}/fail`)
    await advance(3600)

    await ping(parent.ping_url)
    await advance(150)

    const mails = await mailsTo(project)
    expect(mails.map(({ subject }) => subject)).toEqual(['DOWN | db', 'UP | db', 'DOWN | report'])
    expect(mails.at(-1)?.text).toContain('depends on "db"')
  })
})
