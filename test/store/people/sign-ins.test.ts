import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSignIn } from '../../../lambdas/domain/people/sign-in.ts'
import { addressLimits, placeLimit } from '../../../lambdas/domain/people/sign-in-limits.ts'
import { SignInLimits } from '../../../lambdas/store/people/sign-in-limits.ts'
import { SignIns } from '../../../lambdas/store/people/sign-ins.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const now = 1_700_000_000_000
const MINUTE = 60_000

let engine: TestEngine
let signIns: SignIns
let limits: SignInLimits

beforeAll(async () => {
  engine = await makeTables()
  signIns = new SignIns(engine.database, engine.names.Sessions)
  limits = new SignInLimits(engine.database, engine.names.Sessions)
})
afterAll(() => engine.stop())

async function asked() {
  const wanted = { email: 'ana@example.com', returnTo: '/app/p/1/', now }
  const { secrets, signIn } = newSignIn(wanted, randomBytes)
  await signIns.begin(secrets.cookie, signIn)
  return { ...secrets, signIn }
}

describe('SignIns', () => {
  it('gives back what the browser with the cookie asked for, for fifteen minutes', async () => {
    const { cookie, signIn } = await asked()

    expect(await signIns.read(cookie, now + 15 * MINUTE - 1)).toEqual(signIn)
    expect(await signIns.read(cookie, now + 15 * MINUTE)).toBeUndefined()
    expect(await signIns.read('another', now)).toBeUndefined()
  })

  it('finishes by the token once', async () => {
    const { cookie, token, signIn } = await asked()

    expect(await signIns.finishByToken(cookie, { token, now })).toEqual(signIn)
    expect(await signIns.finishByToken(cookie, { token, now })).toBeUndefined()
    expect(await signIns.read(cookie, now)).toBeUndefined()
  })

  it('finishes once, however many come with the token at the same time', async () => {
    const { cookie, token } = await asked()

    const all = Array.from({ length: 5 }, () => signIns.finishByToken(cookie, { token, now }))

    expect((await Promise.all(all)).filter((signIn) => signIn !== undefined)).toHaveLength(1)
  })

  it('takes no token of another sign-in, which stays good', async () => {
    const mine = await asked()
    const others = await asked()

    expect(await signIns.finishByToken(mine.cookie, { token: others.token, now })).toBeUndefined()
    expect(await signIns.finishByToken(others.cookie, { token: others.token, now })).toBeDefined()
    expect(await signIns.finishByToken(mine.cookie, { token: mine.token, now })).toBeDefined()
  })

  it('takes neither token nor code when it is over', async () => {
    const { cookie, token, code } = await asked()
    const late = now + 15 * MINUTE

    expect(await signIns.finishByToken(cookie, { token, now: late })).toBeUndefined()
    expect(await signIns.finishByCode(cookie, { code, now: late })).toBe('over')
    expect(await signIns.finishByCode('another', { code, now })).toBe('over')
  })

  it('finishes by the code once', async () => {
    const { cookie, code, signIn } = await asked()

    expect(await signIns.finishByCode(cookie, { code: code.toLowerCase(), now })).toEqual(signIn)
    expect(await signIns.finishByCode(cookie, { code, now })).toBe('over')
  })

  it('takes the fifth code and no sixth, while the link stays good', async () => {
    const lucky = await asked()
    const unlucky = await asked()
    const wrong = { code: 'WRONG', now }

    for (let tried = 0; tried < 4; tried += 1) {
      expect(await signIns.finishByCode(lucky.cookie, wrong)).toBe('wrong')
      expect(await signIns.finishByCode(unlucky.cookie, wrong)).toBe('wrong')
    }
    expect(await signIns.finishByCode(unlucky.cookie, wrong)).toBe('wrong')

    expect(await signIns.finishByCode(lucky.cookie, { code: lucky.code, now })).toBeTypeOf('object')
    expect(await signIns.finishByCode(unlucky.cookie, { code: unlucky.code, now })).toBe('used up')
    const { cookie, token } = unlucky
    expect(await signIns.finishByToken(cookie, { token, now })).toBeDefined()
  })

  it('counts codes that come at the same time', async () => {
    const { cookie } = await asked()

    const tries = Array.from({ length: 12 }, (_, index) =>
      signIns.finishByCode(cookie, { code: `WRONG${index}`, now }),
    )

    expect((await Promise.all(tries)).filter((outcome) => outcome === 'wrong')).toHaveLength(5)
  })

  it('keeps nothing by which somebody with the table could sign in', async () => {
    const { cookie, token, code } = await asked()
    const items: unknown[] = []
    for await (const page of engine.database.scan({ table: engine.names.Sessions }))
      items.push(...page)

    for (const secret of [cookie, token, code]) expect(JSON.stringify(items)).not.toContain(secret)
  })
})

describe('SignInLimits', () => {
  it('lets so many through in an hour, each for itself', async () => {
    const takes = Array.from({ length: 35 }, () => limits.take('192.0.2.0/24', placeLimit, now))

    const outcomes = await Promise.all(takes)
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(30)
    expect(await limits.take('198.51.100.0/24', placeLimit, now)).toBe('taken')
    expect(await limits.take('192.0.2.0/24', placeLimit, now + 3_600_000)).toBe('taken')
  })

  it('lets five an hour and twenty a day go to an address', async () => {
    const midnight = Math.floor(now / 86_400_000) * 86_400_000
    let hours = 0
    let taken = 0
    for (let hour = 0; hour < 5; hour += 1)
      for (let mail = 0; mail < 6; mail += 1)
        for (const limit of addressLimits) {
          const outcome = await limits.take('ana@example.com', limit, midnight + hour * 3_600_000)
          if (outcome === 'used up') break
          if (limit.name === 'address-hour') hours += 1
          else taken += 1
        }

    expect({ hours, taken }).toEqual({ hours: 25, taken: 20 })
  })

  it('keeps no address', async () => {
    await limits.take('eve@example.com', placeLimit, now)
    for await (const page of engine.database.scan({ table: engine.names.Sessions }))
      expect(JSON.stringify(page)).not.toContain('eve')
  })
})
