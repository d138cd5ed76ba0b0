import type { ChannelOutcome } from './delivery-progress.ts'

/**
 * After this many failures in a row a channel is called only now and then, until it answers well.
 */
export const circuitFailures = 3
export const circuitPauseMs = 60_000

/** How long credentials that were refused are not tried again, unless the channel is changed. */
export const denialMs = 24 * 60 * 60_000

/**
 * How a channel does: its failures in a row, when it was tried last in spite of them, and whether
 * its credentials were refused.
 */
export type Circuit = {
  readonly failures: number
  readonly calledAt?: number
  readonly denial?: Denial
}

/** Credentials that were refused: those of one version of the channel. */
export type Denial = { readonly version: number; readonly at: number; readonly reason: string }

export const closedCircuit: Circuit = { failures: 0 }

/** Whether a channel fails again and again. */
export function isOpen({ failures }: Pick<Circuit, 'failures'>): boolean {
  return failures >= circuitFailures
}

/** Why a version of the channel need not be called; undefined when it has to be tried. */
export function denialOf(
  { denial }: Pick<Circuit, 'denial'>,
  version: number,
  now: number,
): Denial | undefined {
  const holds = denial?.version === version && now < denial.at + denialMs
  return holds ? denial : undefined
}

/** The circuit after a call is allowed; undefined when the channel may not be called yet. */
export function callThrough(circuit: Circuit, now: number): Circuit | undefined {
  if (!isOpen(circuit)) return circuit
  const { calledAt = -Infinity } = circuit
  return calledAt <= now - circuitPauseMs ? { ...circuit, calledAt: now } : undefined
}

/** The circuit after an attempt. */
export function afterOutcome(
  { denial, ...circuit }: Circuit,
  state: ChannelOutcome['state'],
): Circuit {
  if (state === 'sent') return { ...circuit, failures: 0 }
  return { ...circuit, failures: circuit.failures + 1, ...(denial && { denial }) }
}

/** The circuit after its channel's credentials were refused. */
export function afterDenial(circuit: Circuit, denial: Denial): Circuit {
  return { ...circuit, denial }
}
