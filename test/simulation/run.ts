import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { simulate } from './simulate.ts'
import type { Share, SeedReport } from './worker.ts'

/* eslint-disable no-console -- a command that talks to its user */

const usage =
  'npm run simulate -- [--seeds 1000] [--from 1] | --seed 7 [--without killed-after,skew]'
const PROGRESS_MS = 10_000
/** What a run leaves behind is garbage at once: with room for many, hardly any is ever moved. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 }

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string' },
    without: { type: 'string' },
  },
})
const { say, complain } = { say: console.log, complain: console.error }

if (values.seed === undefined)
  await runMany(count('from', values.from ?? '1'), count('seeds', values.seeds ?? '1000'))
else await replay(count('seed', values.seed), new Set(values.without?.split(',')))

/** Runs one seed and shows it line by line, and runs it once more to see the same trace. */
async function replay(seed: number, without: ReadonlySet<string>): Promise<void> {
  const { trace, violations, hash } = await simulate(seed, { keepsTrace: true, without })
  for (const line of trace) say(line)
  const again = await simulate(seed, { without })
  for (const { name, text } of violations) say(`seed ${seed} violates ${name}: ${text}`)
  if (again.hash !== hash)
    say(
      `seed ${seed} violates 10 time, ids and waiting are one seam: its traces are ${hash} and ${again.hash}`,
    )
  else if (violations.length === 0)
    say(`seed ${seed}: no violation, ${trace.length} steps, trace ${hash}`)
  process.exitCode = violations.length === 0 && again.hash === hash ? 0 : 1
}

async function runMany(from: number, seeds: number): Promise<void> {
  const startedAt = performance.now()
  const failed: SeedReport[] = []
  let done = 0
  const rate = () =>
    `${Math.round((done * 60_000) / (performance.now() - startedAt))} seeds a minute`
  const stride = availableParallelism()
  const reached = Array.from({ length: stride }, (_, index) => from + index - stride)
  // Each worker goes through its seeds in order, so all before the next of any have been run.
  const through = () => Math.min(...reached) + stride - 1
  const progress = setInterval(() => {
    say(
      `${done} of ${seeds} seeds, all up to ${through()}, ${failed.length} with violations, ${rate()}`,
    )
  }, PROGRESS_MS)
  const note = (report: SeedReport) => {
    done += 1
    reached[(report.seed - from) % stride] = report.seed
    if (report.violations.length === 0) return
    failed.push(report)
    for (const violation of report.violations) say(`seed ${report.seed} violates ${violation}`)
  }
  const shares = Array.from({ length: stride }, (_, index): Share => ({
    from: from + index,
    until: from + seeds,
    stride,
  }))
  await Promise.all(shares.map((share) => work(share, note)))
  clearInterval(progress)
  say(
    `${done} seeds in ${((performance.now() - startedAt) / 1000).toFixed(1)} s, ${rate()}: ${failed.length} with violations`,
  )
  const first = failed.reduce((least, { seed }) => Math.min(least, seed), Infinity)
  if (failed.length === 0) return
  await replay(first, new Set())
  say(`to see it again: npm run simulate -- --seed ${first}`)
}

function work(share: Share, note: (report: SeedReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: share,
      resourceLimits,
    })
    worker.on('message', note)
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}

function count(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  complain(`${name} must be a whole number, got ${text}; ${usage}`)
  return process.exit(2)
}
