import { makeKeys, type ProjectKeys } from './api-key.ts'
import { type EmailChannel, emailKind } from '../telling/channel.ts'
import { defaultCheckLimit, type Project } from './project.ts'

/** What makes a project. Keys that are not given are made. */
export type NewProject = {
  readonly name: string
  readonly email: string
  readonly checkLimit?: number
  readonly keys?: Partial<ProjectKeys>
  /** Who makes it, in a word; the operator when left out. */
  readonly by?: string
}

/** A project with its first channel, and its keys, which can't be read again once it is stored. */
export type CreatedProject = ProjectKeys & {
  readonly project: Project
  readonly channel: EmailChannel
  readonly by: string
}

/** Where ids and keys come from. */
export type IdSource = { uuid(): string; bytes(count: number): Uint8Array }

/**
 * A new project with one e-mail channel. Its address needs no verification: the operator gave it.
 */
export function makeProject(wanted: NewProject, now: number, ids: IdSource): CreatedProject {
  const keys = { ...makeKeys((count) => ids.bytes(count)), ...wanted.keys }
  const project: Project = {
    id: ids.uuid(),
    name: wanted.name,
    pingKey: keys.pingKey,
    badgeKey: ids.uuid(),
    checkLimit: wanted.checkLimit ?? defaultCheckLimit,
    createdAt: now,
  }
  const base = { id: ids.uuid(), name: '', version: 1, createdAt: now }
  const channel: EmailChannel = {
    ...base,
    kind: emailKind,
    address: wanted.email,
    verification: { state: 'verified', at: now },
  }
  return { ...keys, project, channel, by: wanted.by ?? 'operator' }
}
