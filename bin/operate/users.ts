import { auditChanges, type AuditAction } from '../../lambdas/domain/people/audit.ts'
import type { Role } from '../../lambdas/domain/people/role.ts'
import { everyProject } from '../../lambdas/domain/people/user.ts'
import { auditWrites } from '../../lambdas/managing/audit-writes.ts'
import { letIn } from '../../lambdas/managing/people/let-in.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { KnownUser } from '../../lambdas/store/people/users.ts'
import { theOperator } from './author.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'
import { welcomeOf } from './welcome.ts'

export type RoleOptions = { readonly role: Role; readonly project?: string }
export type UserOptions = RoleOptions & { readonly name?: string }

/** Lets a person into the dashboard, or into one more project, and mails where it is. */
export async function addUser(
  deployment: Deployment,
  email: string,
  { role, project, name }: UserOptions,
): Promise<CommandAnswer> {
  const welcome = welcomeOf(deployment)
  const place = await placeOf(deployment, project)
  const wanted = { email, name, projectId: place.id, role, by: theOperator() }
  const user = await letIn({ ...deployment, random }, wanted)
  if ('refusal' in user)
    throw new Error(
      user.refusal === 'there'
        ? `${user.email} is there already; overdue user role gives another role`
        : CHANGED,
    )
  const part = partOf(role, place)
  await welcome.mail({ to: user.email, part })
  return {
    text: `${user.email} is ${part}, and is mailed where the dashboard is: ${welcome.link}`,
    json: { user: user.id, email: user.email, role, project: place.id, dashboard: welcome.link },
  }
}

/** All who may use the dashboard, with their roles. */
export async function listUsers({ users, registry }: Deployment): Promise<CommandAnswer> {
  const all = await users.all()
  const projects = new Map((await registry.projects()).map(({ id, name }) => [id, name]))
  const rows = all.flatMap(({ user, memberships }) =>
    memberships.map(({ role, projectId, since }) => ({
      email: user.email,
      name: user.name,
      role,
      project: projectId,
      projectName: projectId === everyProject ? 'all projects' : (projects.get(projectId) ?? ''),
      since: new Date(since).toISOString(),
    })),
  )
  const lines = rows.map(({ email, role, since, projectName }) => [
    email,
    role,
    since.slice(0, 10),
    projectName,
  ])
  const text =
    rows.length === 0
      ? 'No user yet. Let one in with overdue user add.'
      : table(['ADDRESS', 'ROLE', 'SINCE', 'PROJECT'], lines)
  return { text, json: { users: rows } }
}

/** Gives a user another role. */
export async function changeRole(
  deployment: Deployment,
  email: string,
  { role, project }: RoleOptions,
): Promise<CommandAnswer> {
  const place = await placeOf(deployment, project)
  const known = await existingUser(deployment, email)
  const { user } = known
  const was = roleAt(known, place.id) ?? ''
  const membership = { userId: user.id, projectId: place.id, role, since: deployment.clock.now() }
  const action = was === '' ? 'member-added' : 'member-changed'
  const audit = note(deployment, { user, place, action, was, is: role })
  if (was !== role) refuse(await deployment.users.join(membership, audit), place)
  return {
    text: `${user.email} is ${partOf(role, place)}.`,
    json: { user: user.id, email: user.email, role, project: place.id },
  }
}

/** Takes a person's role in one project, or all of them, and with the last one the user. */
export async function removeUser(
  deployment: Deployment,
  email: string,
  { project }: { readonly project?: string },
): Promise<CommandAnswer> {
  const known = await existingUser(deployment, email)
  const { user, memberships } = known
  const wanted = project === undefined ? undefined : await placeOf(deployment, project)
  const leaving = memberships.filter(
    ({ projectId }) => wanted === undefined || projectId === wanted.id,
  )
  if (wanted !== undefined && leaving.length === 0)
    throw new Error(`${user.email} has no role in ${titleOfPlace(wanted)}`)
  for (const { projectId, role } of leaving) {
    const place = { id: projectId, name: projectId }
    const audit = note(deployment, { user, place, action: 'member-removed', was: role, is: '' })
    refuse(await deployment.users.leave({ userId: user.id, projectId }, audit), place)
  }
  const isGone = leaving.length === memberships.length
  if (isGone && (await deployment.users.remove(user)) === 'stale') throw new Error(CHANGED)
  return {
    text: isGone
      ? `${user.email} is removed, and may do nothing from the next request on.`
      : `${user.email} has no role in ${titleOfPlace(wanted)} any more.`,
    json: { user: user.id, email: user.email, isRemoved: isGone },
  }
}

const CHANGED = 'somebody else has just changed this user; run this again'

/** A project, or all of them. */
type Place = { readonly id: string; readonly name: string }

/** @throws when there is no such project, or several. */
async function placeOf({ registry }: Deployment, wanted: string | undefined): Promise<Place> {
  if (wanted === undefined) return { id: everyProject, name: '' }
  const found = (await registry.projects()).filter(
    ({ id, name }) => id === wanted || name === wanted,
  )
  const [project] = found
  if (project === undefined)
    throw new Error(`there is no project ${wanted}; overdue project list shows all`)
  if (found.length > 1)
    throw new Error(`several projects are called "${wanted}"; name one by its id`)
  return project
}

async function knownUser({ users }: Deployment, email: string): Promise<KnownUser | undefined> {
  const user = await users.byEmail(email)
  return user && users.visit(user.id)
}

async function existingUser(deployment: Deployment, email: string): Promise<KnownUser> {
  const known = await knownUser(deployment, email)
  if (known === undefined) throw new Error(`there is no user ${email}; overdue user list shows all`)
  return known
}

function roleAt({ memberships }: KnownUser, projectId: string): Role | undefined {
  return memberships.find((each) => each.projectId === projectId)?.role
}

function refuse(outcome: string, place: Place): void {
  if (outcome === 'last-owner')
    throw new Error(
      `this is the last owner of ${titleOfPlace(place)}; make somebody else an owner first`,
    )
  if (outcome === 'missing' || outcome === 'stale') throw new Error(CHANGED)
}

function titleOfPlace({ id, name }: Place = { id: everyProject, name: '' }): string {
  return id === everyProject ? 'all projects' : `the project "${name}"`
}

function partOf(role: Role, place: Place): string {
  return `${role} of ${titleOfPlace(place)}`
}

type Noted = {
  readonly user: { readonly id: string; readonly email: string }
  readonly place: Place
  readonly action: AuditAction
  readonly was: string
  readonly is: string
}

function note(deployment: Deployment, { user, place, action, was, is }: Noted) {
  return auditWrites(deployment, theOperator(), {
    projectId: place.id,
    action,
    subject: { kind: 'member', id: user.id, name: user.email },
    changes: auditChanges({ role: was }, { role: is }),
  })
}
