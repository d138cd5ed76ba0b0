/** What a user may do in a project, the most first. */
export const roles = ['owner', 'manager', 'member', 'read-only'] as const

export type Role = (typeof roles)[number]

/**
 * What a role may give: to see checks, logs and statistics; to see what is a secret of them, which
 * are ping URLs, bodies and addresses of channels; to change checks and channels; to administer
 * members, keys and the project's settings; to end the project and name its owners.
 */
export const rights = ['see', 'see-secrets', 'change', 'administer', 'own'] as const

export type Right = (typeof rights)[number]

const given: Readonly<Record<Role, readonly Right[]>> = {
  owner: ['see', 'see-secrets', 'change', 'administer', 'own'],
  manager: ['see', 'see-secrets', 'change', 'administer'],
  member: ['see', 'see-secrets', 'change'],
  'read-only': ['see'],
}

export function may(role: Role, right: Right): boolean {
  return given[role].includes(right)
}

/** The one of these that may do most. */
export function strongest(some: readonly Role[]): Role | undefined {
  return roles.find((role) => some.includes(role))
}
