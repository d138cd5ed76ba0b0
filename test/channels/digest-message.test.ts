import { describe, expect, it } from 'vitest'
import { isGathered } from '../../lambdas/channels/kinds.ts'
import { messageOfDigest } from '../../lambdas/channels/digest-message.ts'
import { digestMessageOf } from '../../lambdas/domain/telling/digest.ts'
import { aDigestEntry, deadline } from '../support/alerts.ts'
import {
  aServiceChannel,
  payloadOf,
  textsOf,
  toldDigest,
  serviceNames,
} from '../support/services.ts'

const entries = Array.from({ length: 40 }, (_, index) =>
  aDigestEntry({
    name: `job ${index.toString().padStart(2, '0')} <!here> @everyone`,
    flip: { checkId: `check-${index}`, at: deadline + index },
  }),
)

describe('a digest as a message', () => {
  it('lists the first checks, and says how many more there are', () => {
    const message = messageOfDigest(digestMessageOf(entries, 'Home lab', deadline + 60_000))

    expect(message).toMatchObject({
      subject: '40 checks are down: Home lab',
      status: 'DOWN',
      summary: '40 checks are down.',
    })
    expect(message.description.split('\n')).toHaveLength(17)
    expect(message.description).toMatch(/^Down\njob 00 .*: missed its deadline/)
    expect(message.description).toMatch(/and 25 more$/)
  })
})

describe.each(serviceNames().filter((kind) => isGathered({ kind })))(
  'a chat of kind %s',
  (kind) => {
    it('gets many flips in one request', async () => {
      const { outcome, request } = await toldDigest(aServiceChannel(kind), entries)
      const said = textsOf(payloadOf(request)).join('\n')

      expect(outcome).toEqual({ kind: 'sent' })
      expect(said).toContain('40 checks are down')
      expect(said).toContain('job 00')
      expect(said).toContain('job 09')
      expect(said).not.toContain('job 15')
    })
  },
)
