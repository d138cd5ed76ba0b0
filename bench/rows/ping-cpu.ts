import { type Figure, figureOf, ratios, type Row } from '../figure.ts'
import type { FunctionInstance } from '../ping/function-instance.ts'
import { inLaboratory, type PingSubject } from '../ping/laboratory.ts'

const ROUNDS = 60
const WARMING_CALLS = 1000
const CALLS = 100

/**
 * The shipped function in a loop, one ping after the other as an instance takes them, over TLS;
 * beside it the same write and nothing else through the SDK's client, and by hand. Each has a
 * process of its own, and in each round each has its turn.
 */
export const pingCpu: Row = {
  name: 'ping-cpu',
  help: 'processor time of a ping, against a bare UpdateItem through the SDK',
  measure: (progress) =>
    inLaboratory(0, async (laboratory) => {
      const subjects: readonly PingSubject[] = ['ping', 'sdk', 'raw']
      const instances = await Promise.all(
        subjects.map(async (subject) => [subject, await laboratory.start(subject)] as const),
      )
      try {
        for (const [, instance] of instances) await instance.call(WARMING_CALLS)
        progress(`${ROUNDS} rounds of ${CALLS} pings`)
        return figures(await measured(instances))
      } finally {
        for (const [, instance] of instances) await instance.stop()
      }
    }),
}

type Samples = Readonly<Record<PingSubject, number[]>>

/** Microseconds a call, round by round. */
async function measured(
  instances: readonly (readonly [PingSubject, FunctionInstance])[],
): Promise<Samples> {
  const samples: Samples = { ping: [], sdk: [], raw: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [subject, instance] of instances)
      samples[subject].push((await instance.call(CALLS)).load.cpuMicroseconds / CALLS)
  }
  return samples
}

function figures({ ping, sdk, raw }: Samples): readonly Figure[] {
  return [
    {
      ...figureOf('ping ÷ UpdateItem by the SDK', '×', ratios(ping, sdk)),
      target: { atMost: 0.5 },
    },
    figureOf('ping ÷ UpdateItem by hand', '×', ratios(ping, raw)),
    figureOf('ping', 'µs', ping),
    figureOf('UpdateItem by the SDK', 'µs', sdk),
    figureOf('UpdateItem by hand', 'µs', raw),
  ]
}
