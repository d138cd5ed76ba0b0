import { describe, expect, it } from 'vitest'
import { noFilters } from '../../../lambdas/domain/watching/check.ts'
import { rulesInWords } from '../../../lambdas/domain/watching/rules-in-words.ts'
import { aCheck } from '../../support/builders.ts'

const nameOf = (id: string) => `channel ${id}`

describe('rulesInWords', () => {
  it('says nothing of a check without rules', () => {
    expect(rulesInWords(aCheck({}), nameOf)).toEqual([])
  })

  it('says each rule in a sentence', () => {
    const check = aCheck({
      methods: 'POST',
      manualResume: true,
      filters: { ...noFilters, subject: true, failureKeywords: 'ERROR', defaultFail: true },
      rules: {
        maxRuntimeSeconds: 3600,
        minRuntimeSeconds: 60,
        failures: { count: 2, of: 3 },
        repeatSeconds: 7200,
        escalate: [{ afterSeconds: 1800, channelIds: ['1'] }],
        dependsOn: ['other'],
      },
    })

    expect(rulesInWords(check, nameOf)).toEqual([
      'Only POST requests ping it',
      'Words in the subject of mails decide: failure by ERROR; others are a failure',
      'Paused, it is resumed by hand',
      'A run that has started may take 1 hour',
      'A run that ends within 1 minute has failed',
      'It goes down at 2 failures among its last 3 runs',
      'While it is down, people are told again every 2 hours',
      'Down for 30 minutes, it tells channel 1 as well',
      'Its alerts wait while the check that it depends on is down',
    ])
  })
})
