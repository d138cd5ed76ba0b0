import { parentPort, workerData } from 'node:worker_threads'
import { simulate } from './simulate.ts'

/** What a worker is to do: seeds one apart from another, so that several share a range. */
export type Share = { readonly from: number; readonly until: number; readonly stride: number }

/** What it tells of each seed. */
export type Told = { readonly seed: number; readonly violations: readonly string[] }

const { from, until, stride } = workerData as Share
for (let seed = from; seed < until; seed += stride) {
  const told: Told = { seed, violations: await violationsOf(seed) }
  parentPort?.postMessage(told)
}

async function violationsOf(seed: number): Promise<readonly string[]> {
  try {
    const { violations } = await simulate(seed)
    return violations.map(({ name, text }) => `${name}: ${text}`)
  } catch (error) {
    return [`the simulation itself fails: ${String(error)}`]
  }
}
