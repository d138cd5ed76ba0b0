import { describe, expect, it } from 'vitest'
import {
  afterObservation,
  impairmentAt,
  type Intake,
  KEPT_INTERVALS,
  noIntake,
  signalWantedSince,
} from '../../../lambdas/domain/watching/intake.ts'
import { minute, start } from '../../support/builders.ts'

const hold = 15 * minute

/**
 * Looks at given minutes: `ok` and `bad` canaries, `!` where the other signal sees trouble, too.
 */
function looked(looks: Readonly<Record<number, string>>, from: Intake = noIntake): Intake {
  const inOrder = Object.entries(looks).toSorted(([one], [other]) => Number(one) - Number(other))
  return inOrder.reduce(
    (intake, [at, look]) =>
      afterObservation(intake, {
        sentAt: start + Number(at) * minute,
        isThrough: look.startsWith('ok'),
        agrees: look.endsWith('!'),
      }),
    from,
  )
}

function intervalsAt(
  intake: Intake,
  at: number,
): readonly (readonly [number, number | undefined])[] {
  const { intervals } = impairmentAt(intake, hold, start + at * minute)
  return intervals.map(({ startedAt, endedAt }) => [
    (startedAt - start) / minute,
    endedAt && (endedAt - start) / minute,
  ])
}

describe('the intake of pings', () => {
  it('is unimpaired while canaries get through', () => {
    expect(intervalsAt(looked({ 0: 'ok', 1: 'ok', 2: 'ok' }), 2)).toEqual([])
  })

  it('is impaired from the last good canary on, once two signals agree', () => {
    expect(intervalsAt(looked({ 0: 'ok', 1: 'bad!' }), 1)).toEqual([[0, undefined]])
    expect(intervalsAt(looked({ 0: 'ok', 1: 'bad', 2: 'bad!', 3: 'bad' }), 30)).toEqual([
      [0, undefined],
    ])
  })

  it('is impaired from the first look on where no canary ever got through', () => {
    expect(intervalsAt(looked({ 1: 'bad!' }), 2)).toEqual([[1, undefined]])
  })

  it('is impaired by a canary alone for three minutes, and no longer', () => {
    const alone = looked({ 0: 'ok', 1: 'bad', 2: 'bad', 3: 'bad' })

    expect(intervalsAt(alone, 3.99)).toEqual([[0, undefined]])
    expect(intervalsAt(alone, 4)).toEqual([])
  })

  it('is unimpaired again after a full clean minute', () => {
    const mended = looked({ 0: 'ok', 1: 'bad!', 5: 'ok' })

    expect(intervalsAt(looked({ 5.99: 'ok' }, mended), 6)).toEqual([[0, undefined]])
    expect(intervalsAt(looked({ 6: 'ok' }, mended), 6)).toEqual([[0, 6]])
  })

  it('begins its clean minute anew when a canary fails, or the other signal shows trouble', () => {
    expect(
      intervalsAt(looked({ 0: 'ok', 1: 'bad!', 2: 'ok', 2.5: 'bad', 3: 'ok', 3.9: 'ok' }), 4),
    ).toEqual([[0, undefined]])
    expect(intervalsAt(looked({ 0: 'ok', 1: 'bad!', 2: 'ok', 3: 'ok!', 3.9: 'ok' }), 4)).toEqual([
      [0, undefined],
    ])
    expect(intervalsAt(looked({ 0: 'ok', 1: 'bad!', 2: 'ok', 3: 'ok!', 4: 'ok' }), 4)).toEqual([
      [0, 4],
    ])
  })

  it('is unimpaired again after ten minutes of good canaries, though the other signal never becomes quiet', () => {
    const echoing = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 2, 'ok!']))
    const mended = looked({ 0: 'ok', 1: 'bad!', ...echoing })

    expect(intervalsAt(mended, 11)).toEqual([[0, undefined]])
    expect(intervalsAt(looked({ 12: 'ok!' }, mended), 12)).toEqual([[0, 12]])
  })

  it('has been impaired when the other signal says so late, as CloudWatch does', () => {
    expect(intervalsAt(looked({ 0: 'ok', 1: 'bad', 2: 'ok', 3: 'ok!' }), 3)).toEqual([[0, 3]])
  })

  it('was unimpaired when the other signal never agreed', () => {
    const over = looked({ 0: 'ok', 1: 'bad', 2: 'ok', 3: 'ok', 4: 'ok' })

    expect(over.trouble).toBeUndefined()
    expect(intervalsAt(over, 4)).toEqual([])
  })

  it('learns nothing from a look that is older than the last good one', () => {
    const intake = looked({ 0: 'ok', 2: 'ok' })

    expect(looked({ 1: 'bad!' }, intake)).toBe(intake)
  })

  it('keeps a bounded number of intervals, the latest', () => {
    let intake = noIntake
    for (let round = 0; round < KEPT_INTERVALS + 5; round += 1) {
      const at = round * 10
      intake = looked({ [at]: 'ok', [at + 1]: 'bad!', [at + 2]: 'ok', [at + 3]: 'ok' }, intake)
    }

    expect(intake.intervals.length).toBe(KEPT_INTERVALS)
    expect(intake.intervals.at(-1)?.endedAt).toBe(start + ((KEPT_INTERVALS + 4) * 10 + 3) * minute)
  })
})

describe('the other signal', () => {
  const asked = (intake: Intake, at: number, isThrough: boolean) => {
    const since = signalWantedSince(intake, { sentAt: start + at * minute, isThrough })
    return since === undefined ? undefined : (since - start) / minute
  }

  it('is not asked while all is well', () => {
    expect(asked(looked({ 0: 'ok' }), 1, true)).toBeUndefined()
  })

  it('is asked since the last good canary until it agrees', () => {
    expect(asked(looked({ 0: 'ok' }), 1, false)).toBe(0)
    expect(asked(looked({ 0: 'ok', 1: 'bad' }), 2, false)).toBe(0)
    expect(asked(looked({ 0: 'ok', 1: 'bad' }), 2, true)).toBe(0)
    expect(asked(looked({ 0: 'ok', 1: 'bad!' }), 2, false)).toBeUndefined()
  })

  it('is asked for the minutes since canaries get through again', () => {
    expect(asked(looked({ 0: 'ok', 1: 'bad!', 2.5: 'ok' }), 3.6, true)).toBe(3)
  })
})
