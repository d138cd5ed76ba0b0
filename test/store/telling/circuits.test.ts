import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  afterOutcome,
  callThrough,
  circuitPauseMs,
  closedCircuit,
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
  deed: fc.constantFrom('call', 'call', 'waiting', 'failed', 'waiting', 'sent'),
  at: fc.integer({ min: 0, max: 6 }).map((count) => start + (count * circuitPauseMs) / 2),
})

describe('a circuit in DynamoDB', () => {
  it('lets those through whom the domain lets through, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        made += 1
        const channel = `channel-${made}`
        let circuit = closedCircuit

        for (const { deed, at } of steps) {
          if (deed === 'call') {
            const after = callThrough(circuit, at)
            expect(await circuits.mayCall(channel, at)).toBe(after !== undefined)
            circuit = after ?? circuit
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
