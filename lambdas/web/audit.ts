import type { Audits } from '../store/people/audits.ts'
import type { Registry } from '../store/registry/registry.ts'
import { channelNames, knownChannels } from './channels/known-channels.ts'
import { readerOf } from './check-in.ts'
import { auditPage, MOST_ENTRIES } from './pages/audit.ts'
import { respond } from './respond.ts'
import type { ProjectCall, Route } from './route.ts'

export type AuditDeps = {
  readonly audits: Pick<Audits, 'of'>
  readonly registry: Pick<Registry, 'channels'>
}

export const auditRoutes: readonly Route<AuditDeps>[] = [
  { method: 'GET', path: '/p/:project/settings/audit', needs: 'administer', act: showAudit },
]

async function showAudit(deps: AuditDeps, call: ProjectCall): Promise<Response> {
  const { project, role, query, now } = call
  const before = placeIn(query.text('before'))
  const range = { limit: MOST_ENTRIES + 1, ...(before === undefined ? {} : { before }) }
  const [entries, known] = await Promise.all([
    deps.audits.of(project.id, range, now),
    knownChannels(deps, project.id),
  ])
  const channelName = channelNames(known, role)
  return respond(call, auditPage({ project, entries, reader: readerOf(call), channelName }))
}

/** An entry's place as a link names it; undefined where it names none. */
function placeIn(text: string) {
  const [, at, requestId] = /^(\d{1,15})-(.{1,100})$/.exec(text) ?? []
  return at === undefined || requestId === undefined ? undefined : { at: Number(at), requestId }
}
