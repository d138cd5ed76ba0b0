import { describe, expect, it } from 'vitest'
import {
  byOwnTime,
  parseSpilledPing,
  spilledBodyBytes,
  spilledPing,
} from '../../../lambdas/domain/watching/spilled-ping.ts'
import { aPing, start } from '../../support/builders.ts'

const checkId = '11111111-1111-4111-8111-111111111111'
const plain = { body: Buffer.alloc(0), mayCreate: false }

describe('a spilled ping', () => {
  it.each([[{ checkId }], [{ pingKey: 'key', slug: 'backup' }]])(
    'keeps all that came: %j',
    (addressee) => {
      const body = Buffer.from([0, 255, 10])
      const ping = aPing({ signal: 'fail', exitStatus: 3, runId: checkId, bodyBytes: 3 })

      const kept = parseSpilledPing(
        JSON.stringify(spilledPing(addressee, ping, { body, mayCreate: true })),
      )

      expect(kept).toEqual({ addressee, ping, mayCreate: true, body: body.toString('base64') })
    },
  )

  it('fits into a message, however long its body is, and says how much of that is left', () => {
    const body = Buffer.alloc(6_000_000, 'x')

    const kept = spilledPing(
      { checkId },
      aPing({ bodyBytes: body.length, userAgent: '\u0001'.repeat(300) }),
      { ...plain, body },
    )

    expect(kept.ping).toMatchObject({ bodyBytes: spilledBodyBytes, receivedBytes: body.length })
    expect(Buffer.from(kept.body, 'base64').length).toBe(spilledBodyBytes)
    expect(JSON.stringify(kept).length).toBeLessThan(1_000_000)
  })

  it('is sorted by the time at which it came', () => {
    const later = spilledPing({ checkId }, aPing({ at: start + 1 }), plain)
    const earlier = spilledPing({ checkId }, aPing(), plain)

    expect([later, earlier].sort(byOwnTime)).toEqual([earlier, later])
  })

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"addressee":{"checkId":"x"},"ping":{"at":1},"body":""}',
    '{"addressee":{},"ping":{},"body":""}',
  ])('is not read from %j', (text) => {
    expect(() => parseSpilledPing(text)).toThrow()
  })
})
