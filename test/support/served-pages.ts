import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAssets } from '../../bin/build/assets.ts'
import { writeFolder } from '../../bin/build/written.ts'
import { newUser } from '../../lambdas/domain/people/user.ts'
import { type AppDeps, makeDashboard } from '../../lambdas/web/app.ts'
import { readAssets } from '../../lambdas/web/assets.ts'
import type { Html } from '../../lambdas/web/html.ts'
import { respond } from '../../lambdas/web/respond.ts'
import type { Route, WebCall } from '../../lambdas/web/route.ts'

export type ServedPages = { readonly url: string; stop(): Promise<void> }

/** What answers a request in the place of a screen. */
export type Answering = (call: WebCall) => Response | Html

/** Serves pages of a test as the dashboard serves its own: frame, headers, script and style. */
export async function servePages(
  answers: Readonly<Record<string, Answering>>,
): Promise<ServedPages> {
  const folder = mkdtempSync(join(tmpdir(), 'assets-'))
  await writeFolder(folder, await buildAssets())
  const deps: AppDeps = {
    registry: { project: () => Promise.resolve(undefined) },
    sessions: {
      byToken: () => Promise.resolve(undefined),
      note: () => Promise.resolve(),
    },
    users: { visit: () => Promise.resolve(undefined) },
    clock: { now: () => Date.UTC(2026, 10, 30, 9) },
    assets: readAssets(folder),
    apiRoot: 'https://api.example.com',
  }
  const app = makeDashboard(deps, Object.entries(answers).map(routeOf))
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`
    const headers = new Headers(request.headers as Record<string, string>)
    const asked = new Request(url, { method: 'GET', headers })
    void Promise.resolve(app.fetch(asked, { address: '192.0.2.1', requestId: 'request-7' })).then(
      async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers))
        response.end(Buffer.from(await answer.arrayBuffer()))
      },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/app`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true })
    },
  }
}

function routeOf([path, answer]: readonly [string, Answering]): Route<AppDeps> {
  const user = newUser({ id: 'user', email: 'ana@example.com', createdAt: 0 })
  const act = (_: AppDeps, call: WebCall) => {
    const content = answer(call)
    return Promise.resolve(
      content instanceof Response
        ? content
        : respond({ ...call, ...{ user } }, { title: 'Checks', content }),
    )
  }
  return { method: 'GET', path, needs: 'nobody', act }
}
