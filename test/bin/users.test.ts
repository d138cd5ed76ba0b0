import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyProject } from '../../lambdas/domain/people/user.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Users } from '../../lambdas/store/people/users.ts'
import { CLOCK_AHEAD_MS } from '../support/aws.ts'
import { makeOperator, type Operator } from '../support/operator.ts'

let operator: Operator
let users: Users
let audits: Audits
let count = 0

beforeAll(async () => {
  operator = await makeOperator()
  users = new Users(operator.engine.database, operator.engine.names.Registry)
  audits = new Audits(operator.engine.database, operator.engine.names.Journal)
})
afterAll(() => operator.stop())

function anAddress(): string {
  count += 1
  return `person-${count}@example.com`
}

async function known(email: string) {
  const user = await users.byEmail(email)
  return user && users.visit(user.id)
}

async function lastAudit(projectId: string) {
  const [entry] = await audits.of(projectId, { limit: 1 }, Date.now() + CLOCK_AHEAD_MS)
  return entry
}

const run = (...args: readonly string[]) => operator.run('user', ...args)

describe('overdue user', () => {
  it('lets a person into all projects, and mails where the dashboard is', async () => {
    const email = anAddress()

    const { status, out } = await run(
      'add',
      email.toUpperCase(),
      '--role',
      'owner',
      '--name',
      'Ana',
    )

    expect(status).toBe(0)
    expect(out).toContain(`${email} is owner of all projects`)
    expect(await known(email)).toMatchObject({
      user: { email, name: 'Ana' },
      memberships: [{ projectId: everyProject, role: 'owner' }],
    })
    expect(JSON.parse(operator.sent.at(-1) ?? '')).toMatchObject({
      personal: { kind: 'welcome', to: email, link: 'https://web.example.com/app/' },
    })
    expect(await lastAudit(everyProject)).toMatchObject({
      actor: { kind: 'operator' },
      action: 'member-added',
      subject: { kind: 'member', name: email },
      changes: { role: ['', 'owner'] },
    })
  })

  it('lets a person into one project, which has to be there', async () => {
    const [email, { project }] = [anAddress(), await operator.project()]
    await run('add', email, '--role', 'read-only', '--project', project.id)

    const { out } = await run('list')

    expect((await known(email))?.memberships).toMatchObject([{ projectId: project.id }])
    expect(out).toMatch(new RegExp(`${email} +read-only .*Here`))
    expect(await run('add', email, '--role', 'owner', '--project', 'none')).toMatchObject({
      status: 1,
      err: expect.stringContaining('there is no project none') as string,
    })
  })

  it('gives another role', async () => {
    const email = anAddress()
    await run('add', anAddress(), '--role', 'owner')
    await run('add', email, '--role', 'member')

    const { status } = await run('role', email, '--role', 'manager')

    expect(status).toBe(0)
    expect((await known(email))?.memberships).toMatchObject([{ role: 'manager' }])
    expect((await lastAudit(everyProject))?.changes).toEqual({ role: ['member', 'manager'] })
  })

  it('takes a person out', async () => {
    const email = anAddress()
    await run('add', email, '--role', 'member')

    expect((await run('remove', email)).status).toBe(0)

    expect(await known(email)).toBeUndefined()
    expect((await run('remove', email)).err).toContain(`there is no user ${email}`)
  })

  it('keeps the last owner', async () => {
    const email = anAddress()
    const alone = await makeOperator()
    await alone.run('user', 'add', email, '--role', 'owner')

    const removed = await alone.run('user', 'remove', email)
    const demoted = await alone.run('user', 'role', email, '--role', 'member')
    await alone.stop()

    for (const { status, err } of [removed, demoted]) {
      expect(status).toBe(1)
      expect(err).toContain('this is the last owner of all projects')
    }
  })

  it('asks for a role that there is', async () => {
    const { status, err } = await run('add', anAddress(), '--role', 'king')

    expect(status).toBe(2)
    expect(err).toContain('Allowed choices are owner, manager, member, read-only')
  })
})
