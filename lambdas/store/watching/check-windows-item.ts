import type { CheckWindows } from '../../domain/watching/heartbeat.ts'

/** The windows of a check as they lie in its heartbeat: project, revision, and bits in hex. */
export function checkWindowsText({ projectId, revision, numbers }: CheckWindows): string {
  const bits = numbers.reduce((all, number) => all | (1n << BigInt(number)), 0n)
  return `${projectId} ${revision} ${bits.toString(16)}`
}

/** @throws when the text is none of windows. */
export function checkWindowsOf(text: string): CheckWindows {
  const [, projectId, revision, hex] = /^(\S+) (\d+) ([0-9a-f]+)$/.exec(text) ?? []
  if (projectId === undefined)
    throw new Error(`windows must be a project, a revision and bits, got ${text}`)
  return { projectId, revision: Number(revision), numbers: numbersOf(BigInt(`0x${hex}`)) }
}

function numbersOf(bits: bigint): readonly number[] {
  return Array.from({ length: bits.toString(2).length }, (_, number) => number).filter(
    (number) => ((bits >> BigInt(number)) & 1n) === 1n,
  )
}
