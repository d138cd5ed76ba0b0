import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkWindowsOf,
  checkWindowsText,
} from '../../../lambdas/store/watching/check-windows-item.ts'
import { resultsOf, resultsText } from '../../../lambdas/store/watching/run-results-item.ts'
import { runRulesOf, runRulesText } from '../../../lambdas/store/watching/run-rules-item.ts'
import { hour, start } from '../../support/builders.ts'

describe('what rules leave in a heartbeat', () => {
  it('are results of runs, the same when they are read', () => {
    const results = [
      'success',
      'failure',
      { at: start, kind: 'missed' },
      { at: start, kind: 'unfinished' },
      { at: start, kind: 'failed', exitStatus: 255 },
      { at: start, kind: 'too-short' },
      { at: start, kind: 'too-often' },
    ] as const

    expect(resultsOf(resultsText(results))).toEqual(results)
    for (const marks of [[], ['success'], ['failure', 'success', 'success']] as const)
      expect(resultsOf(resultsText(marks))).toEqual(marks)
  })

  it('are few bytes: of marks, and of failures that came some time after each other', () => {
    const marks = Array.from({ length: 20 }, () => 'failure' as const)
    const failures = [0, 1, 2].map((day) => ({
      at: start + day * 24 * hour,
      kind: 'failed' as const,
      exitStatus: 255,
    }))

    expect(resultsText(marks)).toBe('#18y67')
    expect(resultsText(['success', ...failures])).toBe('.JVmjuohs00JV1ffuo0JV1ffuo0')
  })

  it('are the same when they are read, in whatever order they are', () => {
    const failure = fc.record(
      {
        at: fc.integer({ min: 0, max: 2 * start }),
        kind: fc.constantFrom('missed', 'unfinished', 'failed', 'too-short', 'too-often'),
        exitStatus: fc.nat(255),
      },
      { requiredKeys: ['at', 'kind'] },
    )
    const result = fc.oneof(
      fc.constantFrom('success' as const, 'failure' as const),
      failure.map(({ kind, exitStatus, ...rest }) =>
        exitStatus === undefined
          ? { ...rest, kind: kind }
          : { ...rest, kind: 'failed' as const, exitStatus },
      ),
    )

    fc.assert(
      fc.property(fc.array(result, { maxLength: 20 }), (results) => {
        expect(resultsOf(resultsText(results))).toEqual(results)
      }),
    )
  })

  it.each([
    [{ failures: { count: 3, of: 5 } }, 'f3/5'],
    [
      {
        minRuntimeSeconds: 30,
        mostPings: { count: 5, seconds: 3600 },
        failures: { count: 1, of: 1 },
        successes: 2,
      },
      'mu o5/2s0 f1/1 s2',
    ],
  ])('are rules on runs, the same when they are read: %j', (rules, text) => {
    expect(runRulesText(rules)).toBe(text)
    expect(runRulesOf(text)).toEqual(rules)
  })

  it.each([[[0]], [[0, 5, 99]], [[]]])('are windows by their numbers: %j', (numbers) => {
    const windows = { projectId: 'p', revision: 7, numbers }

    expect(checkWindowsOf(checkWindowsText(windows))).toEqual(windows)
  })

  it('is nothing else', () => {
    for (const read of [() => resultsOf('q'), () => runRulesOf('x1')]) expect(read).toThrow(/got/)
    for (const text of ['p x', 'p x 1', 'p 1 1x', 'p 1 ', 'p 1 1 1'])
      expect(() => checkWindowsOf(text)).toThrow(/got/)
  })
})
