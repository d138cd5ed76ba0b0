import {
  appliedPrefix,
  keptBySource,
  type ManagedBy,
  syncedPrefix,
} from '../../domain/watching/managed-by.ts'
import { type Html, html } from '../html.ts'

/** Says of a thing that no person keeps it as it is, and what becomes of changes here. */
export function managedNote({ managedBy }: { readonly managedBy?: ManagedBy }): Html | false {
  return managedBy !== undefined && html`<p class="soft">${wordsOf(managedBy)}</p>`
}

function wordsOf(managedBy: ManagedBy): string {
  if (managedBy === keptBySource)
    return 'Managed by a database – only its rules, and whom it tells, can be changed here'
  if (managedBy.startsWith(syncedPrefix))
    return 'Managed by an application – changes of its schedule here are undone by the next sync'
  const name = managedBy.slice(appliedPrefix.length)
  return `Managed by apply: ${name} – changes here are undone by the next apply`
}
