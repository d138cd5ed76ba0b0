import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Addresses } from '../../../lambdas/store/telling/addresses.ts'
import { hour, minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let addresses: Addresses

beforeAll(async () => {
  engine = await makeTables()
  addresses = new Addresses(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

describe('links to an address', () => {
  it('are one in ten minutes, however many ask at once and however it is spelled', async () => {
    const spellings = [
      'one@example.com',
      'ONE@example.com',
      'one+a@example.com',
      'one+b+c@Example.com',
    ]

    const taken = await Promise.all(spellings.map((address) => addresses.takeLink(address, start)))

    expect(taken.filter((each) => each === 'taken')).toHaveLength(1)
    expect(await addresses.takeLink('one@example.com', start + 10 * minute - 1)).toBe('used up')
    expect(await addresses.takeLink('one@example.com', start + 10 * minute)).toBe('taken')
    expect(await addresses.takeLink('other@example.com', start)).toBe('taken')
  })

  it('are five a day', async () => {
    const at = (count: number) => addresses.takeLink('five@example.com', start + count * hour)
    for (let count = 0; count < 5; count += 1) expect(await at(count)).toBe('taken')

    expect([await at(5), await at(23)]).toEqual(['used up', 'used up'])
    expect(await at(24)).toBe('taken')
  })

  it('that were never mailed do not count', async () => {
    await addresses.takeLink('back@example.com', start)

    await addresses.giveBackLink('back@example.com', start)

    expect(await addresses.takeLink('back@example.com', start + 1)).toBe('taken')
  })
})
