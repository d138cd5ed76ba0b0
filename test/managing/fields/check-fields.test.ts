import { describe, expect, it } from 'vitest'
import { choiceOf, identityOf, wantedOf } from '../../../lambdas/managing/fields/check-fields.ts'
import { accepted } from '../../../lambdas/api/refusals.ts'
import type { CheckFields } from '../../../lambdas/managing/fields/check-shape.ts'
import type { ApiVersion } from '../../../lambdas/managing/shown/site.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { changed, isMeant } from '../../../lambdas/domain/watching/check-change.ts'
import { chosenChannelIds } from '../../../lambdas/managing/chosen-channels.ts'
import { aChannel } from '../../support/alerts.ts'
import { aCheck } from '../../support/builders.ts'

function change(check: Check, fields: CheckFields, version: ApiVersion = 3): Check {
  return changed(check, wantedOf(fields, { isSlugDerived: version < 3 }).change)
}

const cron = aCheck({ schedule: { kind: 'cron', expression: '0 5 * * *' } })
const hourly = aCheck()

describe('a changed check', () => {
  it('is the same when nothing is mentioned', () => {
    expect(change(cron, {})).toEqual(cron)
  })

  it('becomes simple by a timeout', () => {
    expect(change(cron, { timeout: 60 }).schedule).toEqual({ kind: 'simple', periodSeconds: 60 })
  })

  it('takes a schedule rather than a timeout', () => {
    const schedule = { kind: 'oncalendar', expression: '12:34' } as const

    expect(change(hourly, { schedule, timeout: 60 }).schedule).toEqual(schedule)
  })

  it.each<[string, CheckFields, Partial<Check['filters']>]>([
    [
      'subject sets the success keywords and the filter',
      { subject: 'A' },
      { successKeywords: 'A', subject: true },
    ],
    [
      'subject_fail sets the failure keywords and the filter',
      { subject_fail: 'B' },
      { failureKeywords: 'B', subject: true },
    ],
    [
      'an empty subject clears the filter',
      { subject: '' },
      { successKeywords: '', subject: false },
    ],
    [
      'filter_subject has the last word',
      { subject: 'A', filter_subject: false },
      { successKeywords: 'A', subject: false },
    ],
    [
      'success_kw beats subject',
      { subject: 'A', success_kw: 'C' },
      { successKeywords: 'C', subject: true },
    ],
    [
      'success_kw alone switches nothing',
      { success_kw: 'C' },
      { successKeywords: 'C', subject: false },
    ],
  ])('%s', (_claim, fields, expected) => {
    expect(change(hourly, fields).filters).toMatchObject(expected)
  })

  it.each<[ApiVersion, CheckFields, string]>([
    [3, { name: 'New Name' }, 'old-slug'],
    [2, { name: 'New Name' }, 'new-name'],
    [1, { name: 'New Name' }, 'new-name'],
    [1, { name: 'New Name', slug: 'own' }, 'own'],
    [1, { name: 'nightly backup' }, 'old-slug'],
    [1, { tags: 'a' }, 'old-slug'],
  ])('in version %i has for %o the slug %s', (version, fields, slug) => {
    expect(change(aCheck({ slug: 'old-slug' }), fields, version).slug).toBe(slug)
  })
})

describe('an upsert', () => {
  it.each<[CheckFields, boolean]>([
    [{}, false],
    [{ unique: [], name: 'x' }, false],
    [{ unique: ['name'], name: '' }, true],
    [{ unique: ['name', 'tags'], name: 'x' }, false],
    [{ unique: ['name', 'tags'], name: 'x', tags: 'y' }, true],
  ])('is %o: %s', (fields, expected) => {
    expect(identityOf(fields) !== undefined).toBe(expected)
  })

  it.each<[CheckFields, boolean]>([
    [{ unique: ['name'], name: 'nightly backup' }, true],
    [{ unique: ['name'], name: 'nightly' }, false],
    [{ unique: ['name', 'grace'], name: 'nightly backup', grace: 600 }, true],
    [{ unique: ['name', 'grace'], name: 'nightly backup', grace: 601 }, false],
    [{ unique: ['timeout', 'slug', 'tags'], timeout: 3600, slug: '', tags: '' }, true],
    [{ unique: ['timeout'], timeout: 60 }, false],
  ])('by %o means the hourly check: %s', (fields, expected) => {
    expect(isMeant(hourly, identityOf(fields) ?? {})).toBe(expected)
  })

  it('by timeout means no cron check', () => {
    expect(isMeant(cron, { periodSeconds: 3600 })).toBe(false)
  })
})

describe('channels', () => {
  const named = (id: string, name: string) => aChannel({ id, name })
  const channels = [named('c3', 'ops'), named('c1', 'dba'), named('c2', 'ops'), named('c4', '')]

  const idsOf = (names: string) => {
    const outcome = chosenChannelIds(choiceOf(names), channels)
    return accepted<readonly string[]>(outcome)
  }

  it.each([
    ['', []],
    ['*', ['c1', 'c2', 'c3', 'c4']],
    ['c2', ['c2']],
    ['dba', ['c1']],
    ['c3,dba,c3,c1', ['c1', 'c3']],
  ])('named "%s" are %o', (names, ids) => {
    expect(idsOf(names)).toEqual(ids)
  })

  it.each([
    ['abc', 'invalid channel identifier: abc'],
    ['dba, c1', 'invalid channel identifier:  c1'],
    ['C1', 'invalid channel identifier: C1'],
    ['ops', 'non-unique channel identifier: ops'],
    [',', 'empty channel identifier'],
    ['dba,', 'empty channel identifier'],
  ])('named "%s" are refused', (names, error) => {
    expect(() => idsOf(names)).toThrow(error)
  })
})
