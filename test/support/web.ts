import { makeWebHandler, type WebHandlerDeps } from '../../lambdas/web.ts'
import type { Role } from '../../lambdas/domain/people/role.ts'
import { makeSecret } from '../../lambdas/domain/people/secret.ts'
import type { PersonalMail, SignInMail } from '../../lambdas/domain/people/personal-mail.ts'
import type { PersonalMessage } from '../../lambdas/domain/telling/notice.ts'
import { TroubledChannels } from '../../lambdas/web/troubles.ts'
import { ListedChecks } from '../../lambdas/web/listed-checks.ts'
import { SESSION_COOKIE } from '../../lambdas/domain/people/session-life.ts'
import { newUser, type User } from '../../lambdas/domain/people/user.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { KnownBrowsers } from '../../lambdas/store/people/known-browsers.ts'
import { SignInLimits } from '../../lambdas/store/people/sign-in-limits.ts'
import { SignIns } from '../../lambdas/store/people/sign-ins.ts'
import { Sessions } from '../../lambdas/store/people/sessions.ts'
import { Users } from '../../lambdas/store/people/users.ts'
import { ApiKeys } from '../../lambdas/store/registry/api-keys.ts'
import { Projects } from '../../lambdas/store/registry/projects.ts'
import { makeTestApi } from './api.ts'
import { actingAs } from './granted.ts'
import { aRequest } from './requests.ts'

const HOST = 'overdue.example.com'
const ROOT = `https://${HOST}`

/** A person in a browser. */
export type Person = { readonly user: User; readonly cookie: string }

/** What goes out with a request besides what a browser adds by itself. */
export type Sent = {
  readonly as?: Person
  readonly form?: Readonly<Record<string, string | readonly string[]>>
  readonly cookies?: readonly string[]
  /** The address of the internet that it comes from. */
  readonly from?: string
  /** In the place of those that a browser adds; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

export type WebAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly text: string
}

export const testAssets = {
  script: { path: '/app/assets/app.1234567890.js', body: 'script', type: 'text/javascript' },
  style: { path: '/app/assets/app.1234567890.css', body: 'style', type: 'text/css' },
  icon: { path: '/app/assets/icon.1234567890.svg', body: 'icon', type: 'image/svg+xml' },
  alarm: { path: '/app/assets/alarm.1234567890.svg', body: 'alarm', type: 'image/svg+xml' },
}

/**
 * The dashboard over the same tables as a management API, with a clock that stands until a test
 * moves it.
 */
export async function makeTestWeb() {
  const api = await makeTestApi()
  const users = new Users(api.engine.database, api.engine.names.Registry)
  const sessions = new Sessions(api.engine.database, api.engine.names.Sessions)
  const mailed: SignInMail[] = []
  const personalMails = {
    send: (messages: readonly PersonalMessage[]) =>
      Promise.resolve(
        void mailed.push(...messages.map(({ personal }) => personal).filter(isSignIn)),
      ),
  }
  const world = {
    ...api,
    listed: new ListedChecks(api),
    troubled: new TroubledChannels(api),
    users,
    sessions,
    signIns: new SignIns(api.engine.database, api.engine.names.Sessions),
    knownBrowsers: new KnownBrowsers(api.engine.database, api.engine.names.Sessions),
    signInLimits: new SignInLimits(api.engine.database, api.engine.names.Sessions),
    personalMails,
    mailed,
    audits: new Audits(api.engine.database, api.engine.names.Journal),
    apiKeys: new ApiKeys(api.engine.database, api.engine.names.Registry),
    projects: new Projects(api.engine.database, api.engine.names.Registry),
    apiRoot: 'https://api.example.com',
    assets: testAssets,
    trustedFront: undefined,
  }
  let count = 0

  /** The dashboard, with some of its stores replaced. */
  const makeVisit = (deps: Partial<WebHandlerDeps>) => {
    const handle = makeWebHandler({ ...world, ...deps })
    return async (method: string, target: string, sent: Sent = {}): Promise<WebAnswer> => {
      const answer = await actingAs('Web', () => handle(anEvent(method, target, sent)))
      const { statusCode = 0, headers = {}, cookies = [], body = '', isBase64Encoded } = answer
      const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8')
      return {
        status: statusCode,
        headers: headers as Record<string, string>,
        cookies,
        text: bytes.toString(),
      }
    }
  }
  const visit = makeVisit({})
  return {
    ...world,
    makeVisit,
    visit,
    get: (path: string, as?: Person) => visit('GET', path, as === undefined ? {} : { as }),
    post: (path: string, form: Sent['form'] = {}, as?: Person) =>
      visit('POST', path, { form, ...(as === undefined ? {} : { as }) }),
    /** A signed-in person with a role in a project, or in all of them. */
    async person(projectId: string, role: Role = 'owner'): Promise<Person> {
      count += 1
      const user = newUser({
        id: api.random.uuid(),
        email: `person${count}@example.com`,
        createdAt: api.time.now,
      })
      await users.create(user, { userId: user.id, projectId, role, since: api.time.now })
      const at = api.time.now
      const token = makeSecret((count) => api.random.bytes(count))
      await sessions.begin(token, {
        userId: user.id,
        epoch: user.sessionEpoch,
        method: 'mail',
        createdAt: at,
        seenAt: at,
        freshAt: at,
        agent: 'test',
      })
      return { user, cookie: `${SESSION_COOKIE}=${token}` }
    },
  }
}

export type TestWeb = Awaited<ReturnType<typeof makeTestWeb>>

function isSignIn(mail: PersonalMail): mail is SignInMail {
  return mail.kind === 'sign-in'
}

/** An event as a function URL sends it, of a browser. */
function anEvent(
  method: string,
  target: string,
  { as, form, cookies = [], from, headers = {} }: Sent,
) {
  const [path = '', query = ''] = target.split('?')
  const all = [...(as === undefined ? [] : [as.cookie]), ...cookies]
  const sent: Record<string, string | undefined> = {
    'sec-fetch-site': 'same-origin',
    ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...headers,
  }
  const event = aRequest({
    method,
    path,
    query,
    domainName: HOST,
    ...(from === undefined ? {} : { sourceIp: from }),
    headers: Object.fromEntries(
      Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(form === undefined ? {} : { body: encoded(form), isBase64Encoded: true }),
  })
  return all.length === 0 ? event : { ...event, cookies: all }
}

export const testRoot = ROOT

function encoded(form: NonNullable<Sent['form']>): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(form))
    for (const each of typeof value === 'string' ? [value] : value) fields.append(name, each)
  return Buffer.from(fields.toString()).toString('base64')
}
