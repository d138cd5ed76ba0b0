import { describe, expect, it } from 'vitest'
import { isNamed } from '../../../lambdas/domain/wire/arn-pattern.ts'

describe('an ARN', () => {
  it.each([
    ['arn:a', ['arn:a'], true],
    ['arn:ab', ['arn:a'], false],
    ['arn:ab', ['arn:a*'], true],
    ['arn:a', ['arn:a*'], true],
    ['arn:b', ['arn:a*'], false],
    ['arn:a', ['arn:b', 'arn:a'], true],
    ['arn:a', [], false],
    ['arn:a', ['arn:.'], false],
  ])('%s is named by %j: %s', (arn, patterns, expected) => {
    expect(isNamed(arn, patterns)).toBe(expected)
  })
})
