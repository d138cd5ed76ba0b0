import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../lambdas/domain/people/role.ts'
import { everyProject, newUser } from '../../../lambdas/domain/people/user.ts'
import { registryKeys } from '../../../lambdas/store/keys.ts'
import { Users } from '../../../lambdas/store/people/users.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let users: Users
let count = 0

beforeAll(async () => {
  engine = await makeTables()
  users = new Users(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

async function aStoredUser(projectId: string, role: Role) {
  count += 1
  const id = `user-${count}`
  const user = newUser({ id, email: `${id}@example.com`, createdAt: 1 })
  const membership = { userId: id, projectId, role, since: 1 }
  expect(await users.create(user, membership)).toBe('created')
  return { user, membership }
}

describe('Users', () => {
  it('gives back a user with what the user may do', async () => {
    const { user, membership } = await aStoredUser('shop', 'member')

    expect(await users.visit(user.id)).toEqual({ user, memberships: [membership] })
    expect(await users.visit('nobody')).toBeUndefined()
  })

  it('finds a user by address, however it is written', async () => {
    const { user } = await aStoredUser('shop', 'member')

    expect(await users.byEmail(user.email.toUpperCase())).toEqual(user)
    expect(await users.byEmail('nobody@example.com')).toBeUndefined()
  })

  it('makes no second user of an address', async () => {
    const { user, membership } = await aStoredUser('shop', 'member')
    const second = { ...user, id: 'second' }

    expect(await users.create(second, { ...membership, userId: 'second' })).toBe('address-taken')
    expect(await users.visit('second')).toBeUndefined()
  })

  it('writes what notes a change with it, or nothing', async () => {
    const { user, membership } = await aStoredUser('shop', 'member')
    const note = { table: engine.names.Registry, item: { pk: 'note', sk: '1' } }
    const audit = [{ put: { ...note, condition: 'attribute_not_exists(pk)' } }]

    expect(await users.join({ ...membership, role: 'manager' }, audit)).toBe('joined')
    expect(await users.join({ ...membership, role: 'member' }, audit)).toBe('stale')
    expect((await users.visit(user.id))?.memberships[0]?.role).toBe('manager')
  })

  it('replaces what a user has set as it was read, and nothing else', async () => {
    const { user } = await aStoredUser('shop', 'member')

    expect(await users.change(user, { ...user, theme: 'dark', email: 'other@example.com' })).toBe(
      'changed',
    )
    expect(await users.change(user, { ...user, theme: 'light' })).toBe('stale')
    expect((await users.visit(user.id))?.user).toEqual({ ...user, theme: 'dark', version: 2 })
  })

  it('lists the members of a project, and all users', async () => {
    const { membership } = await aStoredUser('press', 'member')

    expect(await users.membersOf('press')).toEqual([membership])
    expect((await users.all()).map(({ user }) => user.id)).toContain(membership.userId)
  })

  it('takes away a role, and then the user', async () => {
    const { user, membership } = await aStoredUser('news', 'member')

    expect(await users.leave(membership)).toBe('left')
    expect(await users.leave(membership)).toBe('missing')
    expect(await users.remove(user)).toBe('removed')
    expect(await users.byEmail(user.email)).toBeUndefined()
    expect(await users.join(membership)).toBe('missing')
    expect(await users.membersOf('news')).toEqual([])
  })

  it('keeps the last owner of a project, as the last one', async () => {
    const { membership: first } = await aStoredUser('bank', 'owner')

    expect(await users.leave(first)).toBe('last-owner')
    expect(await users.join({ ...first, role: 'manager' })).toBe('last-owner')

    const { membership: second } = await aStoredUser('bank', 'owner')
    expect(await users.leave(first)).toBe('left')
    expect(await users.leave(second)).toBe('last-owner')
  })

  it('keeps one of the owners of a project who go at the same time', async () => {
    const [first, second] = [
      await aStoredUser('press', 'owner'),
      await aStoredUser('press', 'owner'),
    ]

    const outcomes = await Promise.all([
      users.leave(first.membership),
      users.join({ ...second.membership, role: 'member' }),
    ])

    expect(outcomes).not.toEqual(['left', 'joined'])
    const roles = (await users.membersOf('press')).map(({ role }) => role)
    expect(roles.filter((role) => role === 'owner')).toHaveLength(1)
  })

  it('lets the last owner of a project go while somebody owns all projects', async () => {
    const { membership } = await aStoredUser('mint', 'owner')
    const { membership: everywhere } = await aStoredUser(everyProject, 'owner')

    expect(await users.leave(membership)).toBe('left')
    expect(await users.leave(everywhere)).toBe('last-owner')
  })

  it('has no address in a key', () => {
    expect(JSON.stringify(registryKeys.userEmail('ana@example.com'))).not.toContain('ana')
  })
})
