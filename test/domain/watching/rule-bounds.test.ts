import { describe, expect, it } from 'vitest'
import { areInBounds } from '../../../lambdas/domain/watching/rule-bounds.ts'
import type { Rules } from '../../../lambdas/domain/watching/rules.ts'
import { withAllRules } from '../../support/builders.ts'

describe('rules', () => {
  it('are within their bounds as the API takes them', () => {
    expect(areInBounds({})).toBe(true)
    expect(areInBounds(withAllRules().rules ?? {})).toBe(true)
  })

  const step = { afterSeconds: 60, channelIds: ['a'] }

  it.each<Rules>([
    { maxRuntimeSeconds: 0 },
    { minRuntimeSeconds: 1.5 },
    { earlySeconds: 86_401 },
    { mostPings: { count: 101, seconds: 60 } },
    { mostPings: { count: 1, seconds: 59 } },
    { failures: { count: 21, of: 21 } },
    { failures: { count: 3, of: 2 } },
    { successes: NaN },
    { repeatSeconds: 299 },
    { escalate: Array.from({ length: 6 }, () => step) },
    { escalate: [{ ...step, afterSeconds: 59 }] },
    { escalate: [{ ...step, channelIds: Array.from({ length: 21 }, String) }] },
    { dependsOn: Array.from({ length: 11 }, String) },
  ])('%j are not', (rules) => {
    expect(areInBounds(rules)).toBe(false)
  })
})
