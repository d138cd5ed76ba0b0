import { describe, expect, it } from 'vitest'
import {
  LIST_PAGE,
  type ListedCheck,
  listingOf,
  type ListQuery,
  type ListStatus,
} from '../../../lambdas/domain/watching/listing.ts'
import { aCheck, aHeartbeat, hour, start } from '../../support/builders.ts'

function listed(name: string, status: ListStatus, fields: object = {}): ListedCheck {
  const id = `${name}-id`
  return {
    check: aCheck({ id, name, ...fields }),
    heartbeat: aHeartbeat({ since: { at: start, count: 0 } }),
    status,
  }
}

const all = [
  listed('alpha', 'paused'),
  listed('Beta', 'up', { tags: 'db prod' }),
  listed('gamma', 'down', { tags: 'prod', slug: 'nightly' }),
  listed('delta', 'late', { tags: 'db' }),
  listed('epsilon', 'new'),
  listed('zeta', 'up', { tags: 'prod' }),
]

function wanted(fields: Partial<ListQuery> = {}): ListQuery {
  const none = { text: '', status: undefined, tags: [], flippedSince: undefined }
  return { ...none, order: 'worst', page: 1, ...fields }
}

function names(fields: Partial<ListQuery> = {}): readonly string[] {
  return listingOf(all, wanted(fields)).rows.map(({ check }) => check.name)
}

describe('a list of checks', () => {
  it('has what is down on top', () => {
    expect(names()).toEqual(['gamma', 'delta', 'Beta', 'zeta', 'epsilon', 'alpha'])
  })

  it.each<[string, Partial<ListQuery>, readonly string[]]>([
    ['a status', { status: 'up' }, ['Beta', 'zeta']],
    ['a tag', { tags: ['prod'] }, ['gamma', 'Beta', 'zeta']],
    ['several tags', { tags: ['prod', 'db'] }, ['Beta']],
    ['a word of the name, in any case', { text: 'BET' }, ['Beta']],
    ['a word of the slug', { text: 'nightly' }, ['gamma']],
    ['several words', { text: 'prod zeta' }, ['zeta']],
    ['nothing', { text: 'vault' }, []],
    ['those that changed lately', { flippedSince: start + hour }, []],
    ['those that changed not too long ago', { flippedSince: start, status: 'new' }, ['epsilon']],
  ])('is narrowed to %s', (_, query, found) => {
    expect(names(query)).toEqual(found)
  })

  it('is ordered by name, whatever the case', () => {
    expect(names({ order: 'name' })).toEqual(['alpha', 'Beta', 'delta', 'epsilon', 'gamma', 'zeta'])
  })

  it('counts each status of what matches, whichever is shown', () => {
    const { counts, total } = listingOf(all, wanted({ tags: ['prod'], status: 'down' }))

    expect(counts).toEqual({ down: 1, late: 0, up: 2, new: 0, paused: 0 })
    expect(total).toBe(1)
  })

  it('knows its tags, most used first', () => {
    expect(listingOf(all, wanted({ text: 'alpha' })).tags).toEqual([
      ['prod', 3],
      ['db', 2],
    ])
  })

  it.each([
    [1, 1, LIST_PAGE],
    [3, 3, 50],
    [9, 3, 50],
    [-1, 1, LIST_PAGE],
  ])('of 250 checks shows for page %i page %i with %i', (page, shown, count) => {
    const many = Array.from({ length: 250 }, (_, index) => listed(`check ${index}`, 'up'))

    const listing = listingOf(many, wanted({ page }))

    expect([listing.page, listing.rows.length, listing.total]).toEqual([shown, count, 250])
  })
})
