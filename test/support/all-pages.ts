import type { User } from '../../lambdas/domain/people/user.ts'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { routes } from '../../lambdas/web/routes.ts'
import { closePage, openPage } from './browser.ts'
import { signIn } from './people.ts'
import {
  type ApiCheck,
  base,
  createCheck,
  type LocalProject,
  ping,
  request,
  settle,
} from './stack.ts'

/** What people may type anywhere. */
export const markup = `<img src=x onerror=alert(1)>"'&`

/** All that answers a GET, but for what takes a mail to be seen. */
const paths = routes
  .filter(({ method, path }) => method === 'GET' && !path.includes(':token'))
  .map(({ path }) => path)

/** Kinds of channels whose forms have, together, each sort of field. */
const formKinds = ['webhook', 'pagerduty']

type NewProject = LocalProject & { readonly id: string }

/** A project, whose pages are about the first of its checks and of its channels. */
export type SeenProject = NewProject & {
  readonly checks: readonly ApiCheck[]
  readonly channels: readonly SeenChannel[]
}

export type SeenChannel = { readonly id: string }

/** What a project has from its beginning. */
export async function anEmptyProject(): Promise<SeenProject> {
  const project = await aProjectCalled('Empty')
  return { ...project, checks: [], channels: await channelsOf(project) }
}

/** Checks and channels of several kinds and states, and markup wherever somebody can type. */
export async function aFullProject(): Promise<SeenProject> {
  const project = await aProjectCalled('Full')
  const down = { url: 'https://hooks.example.com/', headers: { Authorization: markup } }
  const channels = [
    { kind: 'webhook', name: markup, down, up: down },
    { kind: 'slack', name: 'chat', url: 'https://hooks.slack.com/services/T0/B0/secretsecret' },
    { kind: 'email', address: 'somebody.with.a.long.address@department.example.com' },
  ]
  for (const json of channels)
    await request('POST', '/api/v3/channels/', { key: project.apiKey, json })
  const checks = [
    await createCheck(project, { name: markup, tags: 'prod "<b>', desc: markup }),
    await createCheck(project, { name: 'db01 backup', schedule: '30 3 * * *', tz: 'Europe/Riga' }),
  ]
  const [{ ping_url: url } = { ping_url: '' }] = checks
  await ping(`${url}/start`)
  await ping(url, `${markup} \u202e \u0007`)
  await ping(`${url}/fail`)
  await settle()
  const isFirst = ({ kind }: { readonly kind: string }) => Number(kind === 'webhook')
  const all = await channelsOf(project)
  return { ...project, checks, channels: all.toSorted((a, b) => isFirst(b) - isFirst(a)) }
}

async function aProjectCalled(name: string): Promise<NewProject> {
  return (await request('POST', '/_local/projects', { json: { name } })).json as NewProject
}

async function channelsOf({ apiKey }: NewProject) {
  const answer = await request('GET', '/api/v3/channels/', { key: apiKey })
  type Listed = { readonly channels: readonly (SeenChannel & { readonly kind: string })[] }
  return (answer.json as Listed).channels
}

/** Where all is that answers a GET, as far as it is about what a project has. */
export function addressesIn(project: SeenProject): readonly string[] {
  const forms = formKinds.map((kind) => `/p/:project/channels/new?kind=${kind}`)
  const [check] = project.checks
  const all = [...paths, ...(check === undefined ? [] : forms)]
  return all.map((path) => addressOf(path, project)).filter((address) => !/\/:[a-z]/.test(address))
}

function addressOf(path: string, { id, checks, channels }: SeenProject): string {
  const key = checks[0] === undefined ? 'none' : uniqueKeyOf(checks[0].uuid)
  const filled = path
    .replaceAll(':project', id)
    .replace(/:key(\{[^}]*\})?/, key)
    .replace(/:n(\{[^}]*\})?$/, '2')
    .replace(/:n(\{[^}]*\})?\//, '2/')
    .replace(/:kind(\{[^}]*\})?/, 'crontab')
    .replace(':channel', channels[0]?.id ?? 'none')
  return `${base}/app${filled}`
}

/** The pages among them that somebody may see. */
export async function pagesIn(project: SeenProject, who: User): Promise<readonly string[]> {
  const opened = await openPage()
  await signIn(opened.page.context(), who)
  const found: string[] = []
  for (const address of addressesIn(project)) {
    const answer = await opened.page.context().request.get(address)
    if (answer.ok() && (await answer.text()).includes('<html')) found.push(address)
  }
  await closePage(opened)
  return [...new Set(found)]
}
