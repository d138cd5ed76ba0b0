import { describe, expect, it } from 'vitest'
import type { Role } from '../../../lambdas/domain/people/role.ts'
import { everyProject, newUser, roleIn } from '../../../lambdas/domain/people/user.ts'

function aMembership(projectId: string, role: Role) {
  return { userId: 'user', projectId, role, since: 0 }
}

describe('a role in a project', () => {
  it('is the most of what is said of it, and of all projects', () => {
    const memberships = [
      aMembership('shop', 'manager'),
      aMembership('press', 'read-only'),
      aMembership(everyProject, 'member'),
    ]

    expect(['shop', 'press', 'other'].map((project) => roleIn(memberships, project))).toEqual([
      'manager',
      'member',
      'member',
    ])
  })

  it('is none where nothing is said', () => {
    expect(roleIn([aMembership('shop', 'owner')], 'press')).toBeUndefined()
  })
})

it('has an address of a new user in lower case', () => {
  expect(newUser({ id: 'user', email: 'Ana@Example.COM', createdAt: 0 }).email).toBe(
    'ana@example.com',
  )
})
