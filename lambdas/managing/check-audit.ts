import { type AuditAction, auditChanges, type Audited } from '../domain/people/audit.ts'
import { subjectOfCheck, wordsOfCheck } from '../domain/watching/check-words.ts'
import type { Check } from '../domain/watching/check.ts'

/** What is noted where a check is made. */
export function auditedCreation(check: Check): Audited {
  return { ...about(check, 'check-created'), changes: auditChanges({}, wordsOfCheck(check)) }
}

export function auditedChange(before: Check, after: Check): Audited {
  const changes = auditChanges(wordsOfCheck(before), wordsOfCheck(after))
  return { ...about(after, 'check-changed'), changes }
}

export function auditedDeletion(check: Check): Audited {
  return { ...about(check, 'check-deleted'), changes: auditChanges(wordsOfCheck(check), {}) }
}

function about(check: Check, action: AuditAction): Omit<Audited, 'changes'> {
  return { projectId: check.projectId, action, subject: subjectOfCheck(check) }
}
