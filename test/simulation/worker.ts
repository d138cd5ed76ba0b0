import { parentPort, workerData } from 'node:worker_threads'
import { simulate } from './simulate.ts'

/** The seeds of one worker, whose stride leaves the others of the range to other workers. */
export type Share = { readonly from: number; readonly until: number; readonly stride: number }

/** What a worker reports of each seed. */
export type SeedReport = { readonly seed: number; readonly violations: readonly string[] }

const { from, until, stride } = workerData as Share
for (let seed = from; seed < until; seed += stride) {
  const report: SeedReport = { seed, violations: await violationsOf(seed) }
  parentPort?.postMessage(report)
}

async function violationsOf(seed: number): Promise<readonly string[]> {
  try {
    const { violations } = await simulate(seed)
    return violations.map(({ name, text }) => `${name}: ${text}`)
  } catch (error) {
    return [`the simulation itself fails: ${String(error)}`]
  }
}
