import type { BrowserContext } from 'playwright-core'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import type { Role } from '../../lambdas/domain/people/role.ts'
import { makeSecret } from '../../lambdas/domain/people/secret.ts'
import { everyProject, newUser, type User } from '../../lambdas/domain/people/user.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Sessions } from '../../lambdas/store/people/sessions.ts'
import { Users } from '../../lambdas/store/people/users.ts'
import { SESSION_COOKIE } from '../../lambdas/domain/people/session-life.ts'
import { base, now } from './stack.ts'

const database = makeSdkDatabase({
  region: 'us-east-1',
  endpoint: `${base}/_local/aws`,
  credentials: { accessKeyId: 'OPERATOR', secretAccessKey: 'local' },
})
const users = new Users(database, 'Registry')
const sessions = new Sessions(database, 'Sessions')

/** Somebody who may come into the dashboard of the stack. */
export async function aPerson(projectId: string = everyProject, role: Role = 'owner') {
  const id = random.uuid()
  const at = await now()
  const user = newUser({ id, email: `${id.slice(0, 8)}@example.com`, createdAt: at })
  await users.create(user, { userId: id, projectId, role, since: at })
  return user
}

/** Lets a browser be signed in as a person. */
export async function signIn(context: BrowserContext, { id, sessionEpoch }: User): Promise<void> {
  const at = await now()
  const token = makeSecret((count) => random.bytes(count))
  const session = { userId: id, epoch: sessionEpoch, method: 'local', agent: 'test' } as const
  await sessions.begin(token, { ...session, createdAt: at, seenAt: at, freshAt: at })
  await context.addCookies([
    { name: SESSION_COOKIE, value: token, url: base.replace('http:', 'https:'), secure: true },
  ])
}
