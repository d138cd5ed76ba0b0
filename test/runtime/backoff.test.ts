import { describe, expect, it } from 'vitest'
import { tryAgain } from '../../lambdas/runtime/backoff.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { aClock } from '../support/clock.ts'

/** Work that fails so often. */
function failing(times: number) {
  const tries: number[] = []
  const work = () =>
    Promise.resolve(tries.push(0) > times ? 'done' : Promise.reject(new Error('throttled')))
  return { work, tries }
}

describe('work that may fail for a moment', () => {
  it('is tried again until it is done', async () => {
    const { work, tries } = failing(2)

    expect(await tryAgain(3, work, { clock: aClock(0), random })).toBe('done')
    expect(tries).toHaveLength(3)
  })

  it('fails as its last try did', async () => {
    const { work, tries } = failing(3)

    await expect(tryAgain(3, work, { clock: aClock(0), random })).rejects.toThrow('throttled')
    expect(tries).toHaveLength(3)
  })
})
