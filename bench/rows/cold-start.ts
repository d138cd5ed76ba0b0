import { type Figure, figureOf, ratios, type Row } from '../figure.ts'
import type { FunctionInstance } from '../ping/function-instance.ts'
import {
  inLaboratory,
  type Laboratory,
  type PingSubject,
  type Subject,
} from '../ping/laboratory.ts'
import { makeQuota, type Quota } from '../ping/quota.ts'

/** Many, because one start differs from the next by a fifth. */
const ROUNDS = 75
const HELD_ROUNDS = 15
const PAGE_ROUNDS = 25
const WARM_CALLS = 10
/** Some periods of the quota, so that each call finds its share unspent, as the first does. */
const PAUSE_MS = 100
const MEGABYTES = 256
/** What DynamoDB takes, about. */
const ANSWER_MS = 3

/**
 * A fresh Node for each: how long it takes until the bundle is loaded and the first request is
 * answered, over TLS and at once. Then the first ping as Lambda has it: loaded with all of a
 * processor, called with the share that the function's memory buys, answered as by DynamoDB.
 */
export const coldStart: Row = {
  name: 'cold-start',
  help: 'loading and first ping of a fresh instance, against the SDK, a request by hand, and a warm ping; loading the pages',
  measure: async (progress) => {
    progress(`${ROUNDS} fresh instances of each`)
    const atOnce = await inLaboratory(0, async (laboratory) => {
      const starts = figuresOf(await freshStarts(laboratory))
      progress(`${PAGE_ROUNDS} fresh instances of the pages`)
      return [...starts, ...(await pageStarts(laboratory))]
    })
    const slower = await inLaboratory(ANSWER_MS, async (laboratory) => {
      progress(`${ROUNDS} fresh instances of each, answered after ${ANSWER_MS} ms`)
      const { sdk, raw } = againstAll(await freshStarts(laboratory), 'milliseconds')
      const held = await heldStarts(laboratory, progress)
      return [
        figureOf(`the same ÷ SDK, with ${ANSWER_MS} ms an answer`, '×', sdk),
        figureOf('and ÷ by hand', '×', raw),
        ...held,
      ]
    })
    return [...atOnce, ...slower]
  },
}

type Start = {
  readonly milliseconds: number
  readonly cpuMilliseconds: number
  readonly loadMilliseconds: number
}

type Starts = Readonly<Record<PingSubject, readonly Start[]>>

async function freshStarts(laboratory: Laboratory): Promise<Starts> {
  const starts: Record<PingSubject, Start[]> = { ping: [], sdk: [], raw: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of ['ping', 'sdk', 'raw'] as const)
      starts[subject].push(await startOf(laboratory, subject))
  }
  return starts
}

/** Time has a target, since a job waits for it; a processor's time has none. */
function figuresOf(starts: Starts): readonly Figure[] {
  const [time, cpu] = [againstAll(starts, 'milliseconds'), againstAll(starts, 'cpuMilliseconds')]
  return [
    {
      ...figureOf('time until the first ping is answered ÷ SDK', '×', time.sdk),
      target: { atMost: 0.5 },
    },
    {
      ...figureOf('time until the first ping is answered ÷ by hand', '×', time.raw),
      target: { atMost: 1.5 },
    },
    figureOf('processor until then ÷ SDK', '×', cpu.sdk),
    figureOf('processor until then ÷ by hand', '×', cpu.raw),
    figureOf('ping: loaded', 'ms', allOf(starts.ping, 'loadMilliseconds')),
    figureOf('ping: first answered', 'ms', allOf(starts.ping, 'milliseconds')),
    figureOf('SDK: first answered', 'ms', allOf(starts.sdk, 'milliseconds')),
    figureOf('by hand: first answered', 'ms', allOf(starts.raw, 'milliseconds')),
  ]
}

function againstAll(
  { ping, sdk, raw }: Starts,
  what: keyof Start,
): { readonly sdk: readonly number[]; readonly raw: readonly number[] } {
  return {
    sdk: ratios(allOf(ping, what), allOf(sdk, what)),
    raw: ratios(allOf(ping, what), allOf(raw, what)),
  }
}

function allOf(starts: readonly Start[], what: keyof Start): readonly number[] {
  return starts.map((start) => start[what])
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

/** A person waits for the pages, which have a processor of their own while they are loaded. */
async function pageStarts(laboratory: Laboratory): Promise<readonly Figure[]> {
  const loads: Record<'web' | 'sdk', number[]> = { web: [], sdk: [] }
  for (let round = 0; round < PAGE_ROUNDS; round += 1) {
    for (const subject of ['web', 'sdk'] as const) {
      const instance = await laboratory.start(subject)
      loads[subject].push(instance.load.cpuMicroseconds / 1000)
      await instance.stop()
    }
  }
  return [
    {
      ...figureOf('web: processor until it is loaded ÷ SDK', '×', ratios(loads.web, loads.sdk)),
      target: { atMost: 1.4 },
    },
    figureOf('web: processor until it is loaded', 'ms', loads.web),
  ]
}

/** No figures where the machine can't hold a process to a share. */
async function heldStarts(
  laboratory: Laboratory,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const quota = await makeQuota(MEGABYTES)
  if (quota === undefined) {
    progress('no first ping under a quota: that takes control groups, and the right to make one')
    return []
  }
  try {
    progress(`${HELD_ROUNDS} fresh instances with the processor of ${MEGABYTES} MB`)
    const rounds = []
    for (let round = 0; round < HELD_ROUNDS; round += 1)
      rounds.push(await heldStart(laboratory, quota))
    const [firsts, warm] = [rounds.map(({ first }) => first), rounds.map((round) => round.warm)]
    return [
      {
        ...figureOf('first ping ÷ warm ping, 256 MB', '×', ratios(firsts, warm)),
        target: { atMost: 3 },
      },
      figureOf('first ping, 256 MB', 'ms', firsts),
      figureOf('warm ping, 256 MB', 'ms', warm),
    ]
  } finally {
    await quota.end()
  }
}

async function heldStart(
  laboratory: Laboratory,
  quota: Quota,
): Promise<{ readonly first: number; readonly warm: number }> {
  const instance = await laboratory.start('ping')
  try {
    await quota.hold(instance.pid)
    const first = await timeOf(instance)
    let warm = 0
    for (let call = 0; call < WARM_CALLS; call += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      warm += (await timeOf(instance)) / WARM_CALLS
    }
    return { first, warm }
  } finally {
    await instance.stop()
  }
}

/** Of one call. */
async function timeOf(instance: FunctionInstance): Promise<number> {
  const { milliseconds } = await instance.call(1)
  return milliseconds[0] ?? NaN
}
