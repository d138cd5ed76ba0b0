import { type Figure, figureOf, ratios, type Row } from '../figure.ts'
import { inLaboratory, type Laboratory, type Subject } from '../ping/laboratory.ts'
import { makeQuota, type Quota } from '../ping/quota.ts'

/** Many, because one start differs from the next by a fifth. */
const ROUNDS = 75
const HELD_ROUNDS = 15
const WARM_CALLS = 60
const MEGABYTES = 256
/** What DynamoDB takes, about. */
const ANSWER_MS = 3

/**
 * A fresh Node for each: how long it takes until the bundle is loaded and the first request is answered, over TLS and at once. Then the first
 * ping as Lambda has it: loaded with all of a processor, called with the share that the function's memory buys, answered as by DynamoDB.
 */
export const coldStart: Row = {
  name: 'cold-start',
  help: 'loading and first ping of a fresh instance, against the SDK, a request by hand, and a warm ping',
  measure: async (progress) => {
    progress(`${ROUNDS} fresh instances of each`)
    const fresh = await inLaboratory(0, freshStarts)
    return [...fresh, ...(await inLaboratory(ANSWER_MS, (laboratory) => heldStarts(laboratory, progress)))]
  },
}

type Start = { readonly milliseconds: number; readonly cpuMilliseconds: number; readonly loadMilliseconds: number }

async function freshStarts(laboratory: Laboratory): Promise<readonly Figure[]> {
  const starts: Readonly<Record<Subject, Start[]>> = { ping: [], sdk: [], raw: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of ['ping', 'sdk', 'raw'] as const) starts[subject].push(await startOf(laboratory, subject))
  }
  const of = (subject: Subject, what: keyof Start): readonly number[] => starts[subject].map((start) => start[what])
  const against = (subject: Subject, what: keyof Start): readonly number[] => ratios(of('ping', what), of(subject, what))
  return [
    { ...figureOf('time until the first ping is answered ÷ SDK', '×', against('sdk', 'milliseconds')), target: { atMost: 0.5 } },
    { ...figureOf('time until the first ping is answered ÷ by hand', '×', against('raw', 'milliseconds')), target: { atMost: 1.5 } },
    figureOf('processor until then ÷ SDK', '×', against('sdk', 'cpuMilliseconds')),
    figureOf('processor until then ÷ by hand', '×', against('raw', 'cpuMilliseconds')),
    figureOf('ping: loaded', 'ms', of('ping', 'loadMilliseconds')),
    figureOf('ping: first answered', 'ms', of('ping', 'milliseconds')),
    figureOf('SDK: first answered', 'ms', of('sdk', 'milliseconds')),
    figureOf('by hand: first answered', 'ms', of('raw', 'milliseconds')),
  ]
}

async function startOf(laboratory: Laboratory, subject: Subject): Promise<Start> {
  const instance = await laboratory.start(subject)
  try {
    const { load: first } = await instance.call(1)
    return {
      milliseconds: instance.load.milliseconds + first.milliseconds,
      cpuMilliseconds: (instance.load.cpuMicroseconds + first.cpuMicroseconds) / 1000,
      loadMilliseconds: instance.load.milliseconds,
    }
  } finally {
    await instance.stop()
  }
}

/** No figures where the machine can't hold a process to a share. */
async function heldStarts(laboratory: Laboratory, progress: (line: string) => void): Promise<readonly Figure[]> {
  const quota = await makeQuota(MEGABYTES)
  if (quota === undefined) {
    progress('no first ping under a quota: that takes control groups, and the right to make one')
    return []
  }
  try {
    progress(`${HELD_ROUNDS} fresh instances with the processor of ${MEGABYTES} MB`)
    const rounds = []
    for (let round = 0; round < HELD_ROUNDS; round += 1) rounds.push(await heldStart(laboratory, quota))
    const [firsts, warm] = [rounds.map(({ first }) => first), rounds.map((round) => round.warm)]
    return [
      { ...figureOf('first ping ÷ warm ping, 256 MB', '×', ratios(firsts, warm)), target: { atMost: 3 } },
      figureOf('first ping, 256 MB', 'ms', firsts),
      figureOf('warm ping, 256 MB', 'ms', warm),
    ]
  } finally {
    await quota.end()
  }
}

async function heldStart(laboratory: Laboratory, quota: Quota): Promise<{ readonly first: number; readonly warm: number }> {
  const instance = await laboratory.start('ping')
  try {
    await quota.hold(instance.pid)
    const {
      milliseconds: [first = NaN],
    } = await instance.call(1)
    const { load } = await instance.call(WARM_CALLS)
    return { first, warm: load.milliseconds / WARM_CALLS }
  } finally {
    await instance.stop()
  }
}
