import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Lookup } from '../../../lambdas/domain/watching/lookup.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { Lookups } from '../../../lambdas/store/registry/lookups.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let lookups: Lookups
let pingKey: string
let id: string

beforeAll(async () => {
  engine = await makeTables()
  lookups = new Lookups(engine.database, engine.names.Lookups)
})
afterAll(() => engine.stop())
beforeEach(() => {
  pingKey = random.uuid()
  id = random.uuid()
})

function aLookup(version: number, slug?: string): Lookup {
  return { version, ...(slug === undefined ? {} : { alias: { pingKey, slug } }) }
}

async function behind(slug: string): Promise<readonly string[]> {
  return lookups.checksBehind({ pingKey, slug })
}

describe('a slug', () => {
  it('names nothing until a check has it', async () => {
    expect(await behind('a')).toEqual([])
  })

  it('names the check that has it, and moves with it', async () => {
    await lookups.define(id, aLookup(1, 'a'))
    await lookups.define(id, aLookup(2, 'b'))

    expect([await behind('a'), await behind('b')]).toEqual([[], [id]])
  })

  it('names all checks that share it, until one lets go', async () => {
    const other = random.uuid()
    await lookups.define(id, aLookup(1, 'a'))
    await lookups.define(other, aLookup(1, 'a'))
    expect([...(await behind('a'))].sort()).toEqual([id, other].sort())

    await lookups.define(id, aLookup(2))

    expect(await behind('a')).toEqual([other])
  })

  it('of a deleted check names nothing, and late news do not bring it back', async () => {
    await lookups.define(id, aLookup(1, 'a'))
    await lookups.bury(id, 2, start)

    expect(await lookups.define(id, aLookup(1, 'a'))).toBe('unchanged')
    expect(await behind('a')).toEqual([])
  })

  it('is not taken back by an older version', async () => {
    await lookups.define(id, aLookup(3, 'c'))

    expect(await lookups.define(id, aLookup(2, 'b'))).toBe('unchanged')
    expect([await behind('b'), await behind('c')]).toEqual([[], [id]])
  })

  it('moves at the same version when the project has another ping key', async () => {
    await lookups.define(id, aLookup(1, 'a'))
    const moved = { pingKey: random.uuid(), slug: 'a' }

    expect(await lookups.define(id, { version: 1, alias: moved })).toBe('written')
    expect([await behind('a'), await lookups.checksBehind(moved)]).toEqual([[], [id]])
  })

  it('is written once where it is there already', async () => {
    await lookups.define(id, aLookup(1, 'a'))

    expect(await lookups.define(id, aLookup(1, 'a'))).toBe('unchanged')
  })

  it('is left where the newest of many versions has it, in whatever order they come', async () => {
    const versions = Array.from({ length: 8 }, (_, index) => aLookup(index + 1, `slug-${index}`))

    await Promise.all([...versions, ...versions].map((lookup) => lookups.define(id, lookup)))

    const found = await Promise.all(versions.map((_, index) => behind(`slug-${index}`)))
    expect(found).toEqual([...Array.from({ length: 7 }, () => []), [id]])
  })
})

describe('rules on bodies', () => {
  const bodyRules = {
    startKeywords: '',
    successKeywords: 'OK',
    failureKeywords: 'ERR',
    defaultFail: true,
  }

  it('are found by the check until it drops them', async () => {
    await lookups.define(id, { version: 1, bodyRules })
    expect(await lookups.bodyRules(id)).toEqual(bodyRules)

    await lookups.define(id, { version: 2 })

    expect(await lookups.bodyRules(id)).toBeUndefined()
  })

  it('are read with versions and slugs for many checks at once', async () => {
    const lookup = { ...aLookup(4, 'a'), bodyRules }
    await lookups.define(id, lookup)

    expect([...(await lookups.readMany([id, random.uuid()]))]).toEqual([[id, lookup]])
  })
})

describe('rules on mails', () => {
  it('are found by the check, apart from those on bodies', async () => {
    const mailRules = {
      startKeywords: '',
      successKeywords: 'OK',
      failureKeywords: '',
      defaultFail: false,
      subject: true,
      body: false,
    }
    expect(await lookups.mailRules(id)).toBeUndefined()

    await lookups.define(id, { version: 1, mailRules })

    expect([await lookups.mailRules(id), await lookups.bodyRules(id)]).toEqual([
      mailRules,
      undefined,
    ])
  })
})

describe('a ping key', () => {
  it('is known from when it is added until it is removed', async () => {
    expect(await lookups.isPingKey(pingKey)).toBe(false)
    await lookups.addPingKey(pingKey, 'project')
    expect(await lookups.isPingKey(pingKey)).toBe(true)
    await lookups.removePingKey(pingKey)
    expect(await lookups.isPingKey(pingKey)).toBe(false)
  })
})
