import type { Hono } from 'hono'
import type { ApiDeps } from './deps.ts'
import { type Call, serveCollection } from './resource.ts'

export function serveChannels(app: Hono, deps: ApiDeps): void {
  serveCollection(app, deps, '/channels/', { GET: { needs: 'read-write', act: (call) => listChannels(deps, call) } })
}

async function listChannels({ registry }: ApiDeps, { context, caller }: Call): Promise<Response> {
  const channels = await registry.channels(caller.projectId)
  return context.json({ channels: channels.map(({ id, name, kind }) => ({ id, name, kind })) })
}
