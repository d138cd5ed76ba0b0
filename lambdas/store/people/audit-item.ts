import * as z from 'zod'
import {
  type Actor,
  auditActions,
  auditDays,
  auditedKinds,
  type AuditEntry,
} from '../../domain/people/audit.ts'
import type { Fields, Item } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { auditEntry, auditPartition } from '../keys.ts'

const actorShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: z.string(), email: z.string() }),
  z.object({ kind: z.literal('key'), name: z.string() }),
  z.object({ kind: z.enum(['operator', 'ping', 'link', 'source']) }),
]) satisfies z.ZodType<Actor>

const entryShape = z.object({
  projectId: z.string(),
  at: z.number(),
  requestId: z.string(),
  actor: actorShape,
  address: z.string().exactOptional(),
  action: z.enum(auditActions),
  subject: z.object({ kind: z.enum(auditedKinds), id: z.string(), name: z.string() }),
  changes: z.record(z.string(), z.tuple([z.string(), z.string()])),
}) satisfies z.ZodType<AuditEntry>

export function auditItem(entry: AuditEntry): Fields {
  return {
    ...entry,
    check: auditPartition(entry.projectId),
    entry: auditEntry(entry.at, entry.requestId),
    expiresAt: expiryAfter(auditDays, entry.at),
  }
}

/** @throws when an attribute is missing or malformed. */
export function auditEntryOf(item: Item): AuditEntry {
  return entryShape.parse(item)
}
