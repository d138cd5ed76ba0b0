import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  afterDenial,
  afterOutcome,
  callThrough,
  circuitPauseMs,
  closedCircuit,
  denialMs,
  denialOf,
} from '../../../lambdas/domain/telling/circuit.ts'
import { Circuits } from '../../../lambdas/store/telling/circuits.ts'
import { Deliveries } from '../../../lambdas/store/telling/deliveries.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let circuits: Circuits
let deliveries: Deliveries
let made = 0

beforeAll(async () => {
  engine = await makeTables()
  circuits = new Circuits(engine.database, engine.names.Journal)
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

/** Instants on both sides of a pause, forward and back, as clocks of functions differ. */
const step = fc.record({
  deed: fc.constantFrom('call', 'call', 'deny', 'waiting', 'failed', 'waiting', 'sent'),
  version: fc.constantFrom(1, 2),
  at: fc
    .oneof(
      fc.integer({ min: 0, max: 6 }).map((count) => (count * circuitPauseMs) / 2),
      fc.constantFrom(denialMs - 1, denialMs, denialMs + circuitPauseMs),
    )
    .map((ms) => start + ms),
})

describe('a circuit in DynamoDB', () => {
  it('lets those through whom the domain lets through, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        made += 1
        const channel = `channel-${made}`
        let circuit = closedCircuit

        for (const { deed, at, version } of steps) {
          if (deed === 'call') {
            const denial = denialOf(circuit, version, at)
            const after = denial ?? callThrough(circuit, at)
            expect(await circuits.admits({ id: channel, version }, at)).toEqual(
              denial ?? (after === undefined ? 'paused' : 'free'),
            )
            if (denial === undefined) circuit = callThrough(circuit, at) ?? circuit
          } else if (deed === 'deny') {
            const denial = { version, at, reason: 'received status code 401' }
            await circuits.deny(channel, denial)
            circuit = afterDenial(circuit, denial)
          } else {
            await deliveries.noteOutcome(channel, { state: deed, at, error: '' })
            circuit = afterOutcome(circuit, deed)
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})
