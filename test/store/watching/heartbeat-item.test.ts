import { describe, expect, it } from 'vitest'
import {
  checkWindowsOf,
  checkWindowsText,
} from '../../../lambdas/store/watching/check-windows-item.ts'
import { resultsOf, resultsText } from '../../../lambdas/store/watching/run-results-item.ts'
import { runRulesOf, runRulesText } from '../../../lambdas/store/watching/run-rules-item.ts'
import { start } from '../../support/builders.ts'

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
    expect(resultsOf(resultsText([]))).toEqual([])
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
      'm30 o5/3600 f1/1 s2',
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
    for (const read of [() => resultsOf('q'), () => runRulesOf('x1'), () => checkWindowsOf('p x')])
      expect(read).toThrow(/got/)
  })
})
