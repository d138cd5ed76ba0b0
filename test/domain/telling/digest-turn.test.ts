import { describe, expect, it } from 'vitest'
import { endDigestTurn, takeDigestTurn } from '../../../lambdas/domain/telling/digest-turn.ts'
import { minute, start } from '../../support/builders.ts'

const given = { claimant: 'one', leaseUntil: start + minute }

describe('a turn', () => {
  it.each([
    ['is taken when nobody has it', undefined, start, true],
    ['is not taken from another', given, start + minute - 1, false],
    ['is taken when the lease of another has ended', given, start + minute, true],
    ['is taken again by who has it', { ...given, claimant: 'two' }, start, true],
  ] as const)('%s', (_, before, now, isTaken) => {
    const lease = { claimant: 'two', now, leaseUntil: now + minute }

    expect(takeDigestTurn(before, lease)).toEqual(
      isTaken
        ? { turn: 'taken', after: { claimant: 'two', leaseUntil: now + minute } }
        : { turn: { leasedUntil: start + minute }, after: given },
    )
  })

  it('is ended by who has it', () => {
    const lease = { claimant: 'two', now: start, leaseUntil: start + minute }

    expect(takeDigestTurn(endDigestTurn(given, 'one'), lease).turn).toBe('taken')
    expect(endDigestTurn(given, 'two')).toBe(given)
  })
})
