import type { ChannelOutcome } from './delivery.ts'

/**
 * After this many failures in a row a channel is called only now and then, until it answers well.
 */
export const circuitFailures = 3
export const circuitPauseMs = 60_000

/** How a channel does: its failures in a row, and when it was tried last in spite of them. */
export type Circuit = { readonly failures: number; readonly calledAt?: number }

export const closedCircuit: Circuit = { failures: 0 }

/** Whether a channel fails again and again. */
export function isOpen({ failures }: Circuit): boolean {
  return failures >= circuitFailures
}

/** The circuit after a call is allowed; undefined when the channel may not be called yet. */
export function callThrough(circuit: Circuit, now: number): Circuit | undefined {
  if (!isOpen(circuit)) return circuit
  const { calledAt = -Infinity } = circuit
  return calledAt <= now - circuitPauseMs ? { ...circuit, calledAt: now } : undefined
}

/** The circuit after an attempt. */
export function afterOutcome(circuit: Circuit, state: ChannelOutcome['state']): Circuit {
  return { ...circuit, failures: state === 'sent' ? 0 : circuit.failures + 1 }
}
