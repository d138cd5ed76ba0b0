import { expect, it } from 'vitest'
import type { LastDelivery, ShownChannel } from '../../../bin/operate/channel/api.ts'
import { outcomeInWords, outcomeOfTest } from '../../../bin/operate/channel/try-channel.ts'

const at = '2026-01-01T00:00:00+00:00'
const earlier: LastDelivery = { at, status: 'sent', error: null }

/** A channel that shows these outcomes, one after the other, and when it was asked. */
function run(before: LastDelivery | null, ...outcomes: readonly (LastDelivery | null)[]) {
  let now = 0
  const asked: number[] = []
  const api = {
    test: () => Promise.resolve(),
    read(id: string): Promise<ShownChannel> {
      const last_delivery = outcomes[asked.push(now) - 1] ?? before
      return Promise.resolve({ id, name: '', kind: 'sns', on: [], last_delivery })
    },
  }
  const clock = {
    now: () => now,
    waitUntil: (until: number) => Promise.resolve(void (now = until)),
  }
  return { asked, outcome: outcomeOfTest(api, { id: 'one', before }, clock) }
}

it('what comes of a test is waited for, half a second at a time', async () => {
  const { asked, outcome } = run(null, null, null, earlier)

  expect(await outcome).toEqual(earlier)
  expect(asked).toEqual([500, 1000, 1500])
})

it('what came of an earlier delivery is not what comes of the test', async () => {
  const next = { ...earlier, at: '2026-01-01T00:00:07+00:00' }

  expect(await run(earlier, earlier, next).outcome).toEqual(next)
})

it('a test of which nothing comes is waited for a minute', async () => {
  const { asked, outcome } = run(earlier)

  expect(await outcome).toBeUndefined()
  expect(asked.at(-1)).toBe(60_000)
  expect(outcomeInWords(undefined).failure).toContain('in 60 seconds')
})
