import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOfSecret, makeSecret } from '../../../lambdas/domain/people/secret.ts'
import { newSession } from '../../../lambdas/domain/people/session-life.ts'
import { sessionKeys } from '../../../lambdas/store/keys.ts'
import { Sessions } from '../../../lambdas/store/people/sessions.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const DAY = 86_400_000
const now = 1_700_000_000_000

let engine: TestEngine
let sessions: Sessions

beforeAll(async () => {
  engine = await makeTables()
  sessions = new Sessions(engine.database, engine.names.Sessions)
})
afterAll(() => engine.stop())

async function begun(userId: string, at = now) {
  const token = makeSecret(randomBytes)
  const session = newSession(
    { id: userId, sessionEpoch: 0 },
    { method: 'mail', agent: 'Firefox/140', now: at },
  )
  await sessions.begin(token, session)
  return { token, session, id: hashOfSecret(token) }
}

describe('Sessions', () => {
  it('opens a session by its token until it ends', async () => {
    const { token, session, id } = await begun('ana')

    expect(await sessions.byToken(token, now + 30 * DAY - 1)).toEqual(session)
    expect(await sessions.byToken(token, now + 30 * DAY)).toBeUndefined()
    expect(await sessions.byToken(id, now)).toBeUndefined()
  })

  it('lasts longer when it is used', async () => {
    const { token, session } = await begun('ana')

    await sessions.note(token, session, now + DAY)

    expect(await sessions.byToken(token, now + 31 * DAY - 1)).toMatchObject({ seenAt: now + DAY })
    const item = await engine.database.get({
      table: engine.names.Sessions,
      key: sessionKeys.session(hashOfSecret(token)),
    })
    expect(item?.['expiresAt']).toBe(Math.ceil((now + 31 * DAY) / 1000))
  })

  it('does not come back when it is used while it ends', async () => {
    const { token, session, id } = await begun('ana')

    await sessions.end('ana', id)
    await sessions.note(token, session, now + DAY)

    expect(await sessions.byToken(token, now + DAY)).toBeUndefined()
    const key = sessionKeys.session(id)
    expect(await engine.database.get({ table: engine.names.Sessions, key })).toBeUndefined()
  })

  it('lists those of a user, the one used last first', async () => {
    const old = await begun('ben', now - DAY)
    const young = await begun('ben')
    await begun('cleo')

    expect(await sessions.ofUser('ben', now)).toEqual([
      { id: young.id, session: young.session },
      { id: old.id, session: old.session },
    ])
    expect(await sessions.ofUser('nobody', now)).toEqual([])
  })

  it('takes what has ended off the list when another begins', async () => {
    const ended = await begun('fay', now - 31 * DAY)
    const { id } = await begun('fay')

    const list = await engine.database.get({
      table: engine.names.Sessions,
      key: sessionKeys.sessions('fay'),
    })
    expect(Object.keys(list ?? {})).toContain(id)
    expect(Object.keys(list ?? {})).not.toContain(ended.id)
  })

  it('ends one of a user, and none of another', async () => {
    const { token, id } = await begun('eli')
    const other = await begun('eli')

    await sessions.end('finn', id)
    expect(await sessions.byToken(token, now)).toBeDefined()

    await sessions.end('eli', id)
    await sessions.end('eli', id)
    expect(await sessions.byToken(token, now)).toBeUndefined()
    expect((await sessions.ofUser('eli', now)).map((each) => each.id)).toEqual([other.id])
  })

  it('keeps no token', async () => {
    const { token } = await begun('gil')

    for await (const page of engine.database.scan({ table: engine.names.Sessions }))
      expect(JSON.stringify(page)).not.toContain(token)
  })
})
