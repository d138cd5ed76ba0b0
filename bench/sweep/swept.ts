import { createRequire } from 'node:module'
import type { Clock } from '../../lambdas/runtime/clock.ts'
import { usedBy } from '../used.ts'
import { sweptAt } from './population.ts'

/*
 * The sweep, as a bundle, in a process of its own, so that what the process uses is what the sweep
 * uses. Each message makes one run, and is answered with what the run used. Its clock stands at the
 * instant that the population is made for and jumps over waits, which cost no processor.
 */
let now = sweptAt
const clock: Clock = {
  now: () => now,
  waitUntil(at) {
    now = Math.max(now, at)
    return Promise.resolve()
  },
}
// Before anything is loaded that looks for it.
Object.assign(globalThis, { [Symbol.for('overdue.clock')]: clock })
console.info = () => undefined
const [bundle = ''] = process.argv.slice(2)
const { handler } = createRequire(import.meta.url)(bundle) as {
  readonly handler: () => Promise<void>
}

process.on('message', () => void run())
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function run(): Promise<void> {
  now = sweptAt
  process.send?.(await usedBy(handler))
}
