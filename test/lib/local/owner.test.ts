import { afterAll, beforeAll, expect, it } from 'vitest'
import { Audits } from '../../../lambdas/store/people/audits.ts'
import { Sessions } from '../../../lambdas/store/people/sessions.ts'
import { Users } from '../../../lambdas/store/people/users.ts'
import { LocalOwner } from '../../../lib/local/owner.ts'
import { makeModelTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await makeModelTables()
})
afterAll(() => engine.stop())

it('is made once, owns all projects, and is signed in each time', async () => {
  const users = new Users(engine.database, engine.names.Registry)
  const sessions = new Sessions(engine.database, engine.names.Sessions)
  const audits = new Audits(engine.database, engine.names.Journal)
  const owner = new LocalOwner({ users, sessions, audits }, { now: () => 1000 }, 'ops@example.com')

  const tokens = [await owner.signIn('Firefox'), await owner.signIn('Firefox')]

  const [known, ...others] = await users.all()
  expect(others).toEqual([])
  expect(await audits.of('*', { limit: 9 }, 1000)).toMatchObject([
    { action: 'member-added', actor: { kind: 'operator' }, changes: { role: ['', 'owner'] } },
  ])
  expect(known?.memberships).toMatchObject([{ projectId: '*', role: 'owner' }])
  for (const token of tokens)
    expect(await sessions.byToken(token, 1000)).toMatchObject({
      userId: known?.user.id,
      method: 'local',
    })
})
