import { type ApiKey, makeKey } from '../domain/people/api-key.ts'
import {
  type AuditChanges,
  type Author,
  auditEntryBy,
  nameOfActor,
} from '../domain/people/audit.ts'
import type { Access } from '../domain/people/project.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Random } from '../runtime/random.ts'
import { hashOfKey, idOfKey } from '../store/keys.ts'
import type { Audits } from '../store/people/audits.ts'
import type { ApiKeys } from '../store/registry/api-keys.ts'
import type { Projects } from '../store/registry/projects.ts'

export type KeyDeps = {
  readonly apiKeys: Pick<ApiKeys, 'of' | 'add' | 'revoke' | 'replace'>
  readonly audits: Pick<Audits, 'write'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
}

/** A key as it is handed out, once, and as it is known from then on. */
export type HandedKey = { readonly key: string; readonly known: ApiKey }

export type KeyMissing = { readonly refusal: 'missing' }

/** Makes an API key. Missing is the project. */
export async function addKey(
  deps: KeyDeps,
  by: Author,
  { projectId, name, access }: WantedKey,
): Promise<HandedKey | KeyMissing | { readonly refusal: 'name-taken' | 'full' }> {
  const wanted = newKey(deps, by, { name, access })
  const audit = auditOf(deps, by, { projectId, action: 'key-added', key: wanted })
  const known = await deps.apiKeys.add(projectId, wanted, [audit])
  return typeof known === 'string' ? { refusal: known } : { key: wanted.key, known }
}

type WantedKey = { readonly projectId: string; readonly name: string; readonly access: Access }

/** Ends an API key. A back-up takes a project without any for one that is not whole. */
export async function revokeKey(
  deps: KeyDeps,
  by: Author,
  { projectId, id }: KeyPlace,
): Promise<ApiKey | KeyMissing | { readonly refusal: 'last' }> {
  const keys = await deps.apiKeys.of(projectId)
  const key = keys.find((each) => each.id === id)
  if (key === undefined) return { refusal: 'missing' }
  if (keys.length === 1) return { refusal: 'last' }
  const audit = auditOf(deps, by, { projectId, action: 'key-revoked', key })
  const revoked = await deps.apiKeys.revoke(projectId, id, [audit])
  return revoked === 'missing' ? { refusal: revoked } : revoked
}

/** Puts a new key in the place of one, which opens nothing from now on. */
export async function replaceKey(
  deps: KeyDeps,
  by: Author,
  { projectId, id }: KeyPlace,
): Promise<HandedKey | KeyMissing> {
  const old = (await deps.apiKeys.of(projectId)).find((each) => each.id === id)
  if (old === undefined) return { refusal: 'missing' }
  const wanted = newKey(deps, by, old)
  const audit = auditOf(deps, by, { projectId, action: 'key-replaced', key: wanted })
  const known = await deps.apiKeys.replace(projectId, { id, wanted }, [audit])
  return known === 'missing' ? { refusal: known } : { key: wanted.key, known }
}

/** Which key of which project is meant. */
export type KeyPlace = { readonly projectId: string; readonly id: string }

/** Replaces the ping key of a project, so that ping URLs with slugs are other ones. */
export async function replacePingKey(
  {
    projects,
    ...deps
  }: Omit<KeyDeps, 'apiKeys'> & {
    readonly projects: Pick<Projects, 'rotatePingKey'>
  },
  by: Author,
  projectId: string,
): Promise<{ readonly key: string } | { readonly refusal: 'missing' | 'changed' }> {
  const now = deps.clock.now()
  const key = makeKey('ping', (count) => deps.random.bytes(count))
  const subject = { kind: 'key', id: 'ping', name: 'ping' } as const
  const entry = auditEntryBy(by, now, { projectId, action: 'key-replaced', subject, changes: {} })
  const outcome = await projects.rotatePingKey(projectId, { key, now }, [deps.audits.write(entry)])
  return outcome === 'replaced' ? { key } : { refusal: outcome }
}

function newKey(
  { clock, random }: Pick<KeyDeps, 'clock' | 'random'>,
  { actor }: Author,
  { name, access }: Pick<ApiKey, 'name' | 'access'>,
) {
  const key = makeKey(access, (count) => random.bytes(count))
  const id = idOfKey(hashOfKey(key))
  return { id, key, name, access, by: nameOfActor(actor), createdAt: clock.now() }
}

type AuditedKey = {
  readonly projectId: string
  readonly action: 'key-added' | 'key-replaced' | 'key-revoked'
  readonly key: Pick<ApiKey, 'id' | 'name' | 'access'>
}

function auditOf(
  { audits, clock }: Pick<KeyDeps, 'audits' | 'clock'>,
  by: Author,
  { projectId, action, key: { id, name, access } }: AuditedKey,
) {
  const changes: Readonly<Record<typeof action, AuditChanges>> = {
    'key-added': { access: ['', access] },
    'key-replaced': {},
    'key-revoked': { access: [access, ''] },
  }
  const subject = { kind: 'key', id, name } as const
  const change = { projectId, action, subject, changes: changes[action] }
  return audits.write(auditEntryBy(by, clock.now(), change))
}
