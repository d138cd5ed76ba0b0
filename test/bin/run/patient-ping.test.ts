import { expect, it } from 'vitest'
import { pingPatiently } from '../../../bin/operate/run/patient-ping.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { aClock } from '../../support/clock.ts'

it('tries no more where it is to stop while it waits for its next try', async () => {
  const stopped = new AbortController()
  let tries = 0

  const refusal = await pingPatiently(
    () => {
      tries += 1
      return Promise.resolve({ status: 503, headers: {}, text: '' })
    },
    new Uint8Array(),
    {
      clock: aClock(0, () => stopped.abort()),
      random,
      giveUpAt: 3_600_000,
      firstWaitMs: 500,
      check: { name: 'backup' },
      stopped: stopped.signal,
    },
  )

  expect([tries, refusal]).toEqual([1, 'the answer is 503'])
})
