import { describe, expect, it } from 'vitest'
import { badgeSignature, isSigned } from '../../lambdas/domain/people/badge.ts'
import { askForVerification, isValidToken } from '../../lambdas/domain/telling/verification.ts'
import { registryKeys } from '../../lambdas/store/keys.ts'
import { start } from '../support/builders.ts'

/** How long a comparison takes must not tell how much of a guess is right. */
describe('a secret', () => {
  it('that is an API key is looked up by its hash, in which keys that differ by a letter have nothing in common', () => {
    const [key, nearly] = ['w'.repeat(32), `${'w'.repeat(31)}x`].map(
      (each) => registryKeys.apiKey(each).pk,
    )

    expect(key).toMatch(/^key#[0-9a-f]{64}$/)
    expect(key?.slice(4, 12)).not.toBe(nearly?.slice(4, 12))
  })

  it('that signs a badge is compared whole, whatever the length of the guess', () => {
    const project = { id: 'id', badgeKey: 'badge-key' }
    const signature = badgeSignature(project, 'web')

    expect(isSigned(project, 'web', signature)).toBe(true)
    for (const guess of [
      '',
      signature.slice(1),
      `${signature}x`,
      `${signature.slice(0, 7)}!`,
      'ä'.repeat(4),
      'x'.repeat(100),
    ])
      expect(isSigned(project, 'web', guess)).toBe(false)
  })

  it('that verifies an address is compared by its hash, whatever the length of the guess', () => {
    const { token, pending } = askForVerification(start, (count) => new Uint8Array(count).fill(7))

    expect(isValidToken(pending, token, start)).toBe(true)
    for (const guess of ['', token.slice(1), `${token}x`, pending.tokenHash, 'ä'.repeat(32)])
      expect(isValidToken(pending, guess, start)).toBe(false)
  })
})
