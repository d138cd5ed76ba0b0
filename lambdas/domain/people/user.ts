import { type Role, strongest } from './role.ts'

export const themes = ['system', 'light', 'dark'] as const

/** A person who signs in to the dashboard. */
export type User = {
  readonly id: string
  /** In lower case: one person an address, however it is written. */
  readonly email: string
  readonly name: string
  /** In which times are shown; without it, UTC. */
  readonly timeZone?: string
  readonly theme: (typeof themes)[number]
  /** Whether keys of the keyboard do something. */
  readonly hasShortcuts: boolean
  /** Sessions of an earlier epoch have ended. */
  readonly sessionEpoch: number
  /** Grows by one with every change. */
  readonly version: number
  readonly createdAt: number
}

/** Stands for all projects of a deployment in the place of one. */
export const everyProject = '*'

/** A role of a user in one project, or in all of them. */
export type Membership = {
  readonly userId: string
  readonly projectId: string
  readonly role: Role
  readonly since: number
}

/** Who is to be a user. */
type NamedUser = {
  readonly id: string
  readonly email: string
  readonly name?: string
  readonly createdAt: number
}

/** A user who has set nothing yet. */
export function newUser(wanted: NamedUser): User {
  return {
    name: '',
    ...wanted,
    email: wanted.email.toLowerCase(),
    theme: 'system',
    hasShortcuts: true,
    sessionEpoch: 0,
    version: 1,
  }
}

/** What a user may do in a project: the most of what is said of it, and of all projects. */
export function roleIn(memberships: readonly Membership[], projectId: string): Role | undefined {
  const own = memberships.filter((each) => [projectId, everyProject].includes(each.projectId))
  return strongest(own.map(({ role }) => role))
}
