import type { CheckWindows } from '../../domain/watching/heartbeat.ts'

/** The windows of a check as they lie in its heartbeat: project, revision, and bits in hex. */
export function checkWindowsText({ projectId, revision, numbers }: CheckWindows): string {
  const bits = numbers.reduce((all, number) => all | (1n << BigInt(number)), 0n)
  return `${projectId} ${revision} ${bits.toString(16)}`
}

/**
 * Reads without a regular expression and big numbers: a sweep reads a million of them.
 * @throws when the text is none of windows.
 */
export function checkWindowsOf(text: string): CheckWindows {
  const [projectId = '', revisionText, hex = '', ...others] = text.split(' ')
  const revision = Number(revisionText)
  const numbers = numbersIn(hex)
  if (numbers === undefined || others.length > 0 || Number.isNaN(revision))
    throw new Error(`windows must be a project, a revision and bits, got ${text}`)
  return { projectId, revision, numbers }
}

/** The last digit has the lowest four bits. */
function numbersIn(hex: string): readonly number[] | undefined {
  const numbers: number[] = []
  for (let place = 0; place < hex.length; place += 1) {
    const digit = parseInt(hex.charAt(hex.length - 1 - place), 16)
    if (Number.isNaN(digit)) return undefined
    for (let bit = 0; bit < 4; bit += 1) if ((digit >> bit) & 1) numbers.push(place * 4 + bit)
  }
  return hex === '' ? undefined : numbers
}
