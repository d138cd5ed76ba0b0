import { describe, expect, it } from 'vitest'
import { auditChanges } from '../../../lambdas/domain/people/audit.ts'
import {
  subjectOfCheck,
  wordsOfCheck,
  wordsOfWindow,
} from '../../../lambdas/domain/watching/check-words.ts'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { aCheck, start, withAllRules } from '../../support/builders.ts'

describe('wordsOfCheck', () => {
  it('says what a change was, field by field', () => {
    const before = aCheck()
    const after = aCheck({ graceSeconds: 60, schedule: { kind: 'cron', expression: '0 3 * * *' } })

    expect(auditChanges(wordsOfCheck(before), wordsOfCheck(after))).toEqual({
      grace: ['600 s', '60 s'],
      schedule: ['every 3600 s', '0 3 * * *'],
    })
  })

  it('has a field for every rule', () => {
    const check = withAllRules()

    expect(Object.keys(wordsOfCheck(check))).toEqual(
      expect.arrayContaining(Object.keys(check.rules ?? {})),
    )
  })

  it('holds no UUID of a check, which is a ping URL', () => {
    const check = withAllRules()
    const [parent = ''] = check.rules?.dependsOn ?? []
    const text = JSON.stringify([wordsOfCheck(check), subjectOfCheck(check)])

    expect(text).not.toContain(check.id)
    expect(text).not.toContain(parent)
    expect(text).toContain(uniqueKeyOf(parent))
    expect(text).not.toContain(check.badgeKey)
  })
})

it('says of a window when it is', () => {
  const window = { id: 'w', number: 0, since: 1, name: 'patches', tags: '', lengthSeconds: 600 }

  expect(wordsOfWindow({ ...window, times: { kind: 'once', startAt: start } })).toMatchObject({
    length: '600 s',
    start: '2026-01-01T00:00:00.000Z',
  })
})
