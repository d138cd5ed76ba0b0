/** Who or what makes a change. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly email: string }
  /** An API key, by its name. */
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'operator' }
  | { readonly kind: 'ping' }
  /** Whoever followed a mailed link. */
  | { readonly kind: 'link' }
  /** The database that is mirrored. */
  | { readonly kind: 'source' }

/** Who asks for a change, by which request, and from where if that is known. */
export type Author = {
  readonly actor: Actor
  readonly requestId: string
  readonly address?: string
}

export const auditActions = [
  'check-created',
  'check-changed',
  'check-deleted',
  'check-paused',
  'check-resumed',
  'check-snoozed',
  'check-unsnoozed',
  'check-pinged',
  'checks-imported',
  'channel-created',
  'channel-changed',
  'channel-verified',
  'channel-secret-renewed',
  'channel-deleted',
  'window-created',
  'window-changed',
  'window-deleted',
  'key-added',
  'key-replaced',
  'key-revoked',
  'member-added',
  'member-changed',
  'member-removed',
  'project-created',
  'project-changed',
  'project-restored',
  'project-deleted',
] as const

export type AuditAction = (typeof auditActions)[number]

export const auditedKinds = ['check', 'channel', 'window', 'key', 'member', 'project'] as const

/** What is changed. The id of a check is its unique key, because its UUID is its ping URL. */
export type AuditSubject = {
  readonly kind: (typeof auditedKinds)[number]
  readonly id: string
  readonly name: string
}

/** What there is of a thing, field by field, in words that hold no secret. */
export type AuditWords = Readonly<Record<string, string>>

/** Each field that differs, as it was and as it is. Empty is what there was, or is, not. */
export type AuditChanges = Readonly<Record<string, readonly [before: string, after: string]>>

/** One change of what belongs to a project, by whichever way it came. */
export type AuditEntry = Author & {
  /** `*` for what is of all projects. */
  readonly projectId: string
  readonly at: number
  readonly action: AuditAction
  readonly subject: AuditSubject
  readonly changes: AuditChanges
}

/** A change before it is known who makes it, and when. */
export type Audited = Omit<AuditEntry, keyof Author | 'at'>

export const auditDays = 400

/** What is to be noted of a change. */
export function auditEntryBy(by: Author, at: number, change: Audited): AuditEntry {
  return { ...by, at, ...change }
}

/** Who it was, in a word. */
export function nameOfActor(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return actor.email
    case 'key':
      return `key ${actor.name}`
    case 'operator':
      return 'operator'
    case 'ping':
      return 'ping'
    case 'link':
      return 'mailed link'
    case 'source':
      return 'source'
  }
}

const LONGEST_VALUE = 1000

/** What differs between two states of a thing; one is absent where it is made or ended. */
export function auditChanges(before: AuditWords, after: AuditWords): AuditChanges {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const differing = fields.filter((field) => (before[field] ?? '') !== (after[field] ?? ''))
  return Object.fromEntries(
    differing.map((field) => [field, [cut(before[field] ?? ''), cut(after[field] ?? '')]]),
  )
}

/** An entry takes a few kilobytes at most. */
function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}
