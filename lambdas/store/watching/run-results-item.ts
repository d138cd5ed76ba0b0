import type { FailedRun } from '../../domain/watching/down-cause.ts'
import { type Ends, isFailedRun, type RunResult } from '../../domain/watching/run-result.ts'

/*
 * Up to twenty results lie in a heartbeat that has to stay under 1 KB, without anything between
 * them. A failure is one or two capitals and, in base 36, how long it was after the one before it,
 * which for the first is 1970. Two capitals stand for an exit status. Where there are marks only,
 * each is a bit behind a first one.
 */
const capitalOf: Readonly<Record<FailedRun['kind'], string>> = {
  missed: 'M',
  unfinished: 'U',
  failed: 'N',
  'too-short': 'S',
  'too-often': 'O',
}
const kindOf: Readonly<Partial<Record<string, FailedRun['kind']>>> = {
  M: 'missed',
  U: 'unfinished',
  N: 'failed',
  S: 'too-short',
  O: 'too-often',
}
const markOf = { success: '.', failure: '!' } as const
const bitsMark = '#'

const part = /[.!]|(?:[MUNSO]|[A-J][A-Z])-?[0-9a-z]+/g
const failure = /^(?:([MUNSO])|([A-J])([A-Z]))(.+)$/
const LETTERS = 26
const CAPITAL_A = 65

export function resultsText(results: readonly RunResult[]): string {
  if (!results.some(isFailedRun)) return bitsText(results)
  let before = 0
  const textOf = (result: RunResult) => {
    if (!isFailedRun(result)) return markOf[result]
    const since = result.at - before
    before = result.at
    return codeOf(result) + since.toString(36)
  }
  return results.map(textOf).join('')
}

/** @throws when the text is none of results. */
export function resultsOf(text: string): readonly RunResult[] {
  if (text.startsWith(bitsMark)) return resultsOfBits(text)
  const parts = text.match(part) ?? []
  if (parts.join('') !== text) throw malformed(text)
  let before = 0
  return parts.map((one) => {
    if (one === markOf.success) return 'success'
    if (one === markOf.failure) return 'failure'
    const failed = failureOf(one, before)
    before = failed.at
    return failed
  })
}

function bitsText(results: readonly RunResult[]): string {
  const bits = results.map((result) => (result === 'success' ? '0' : '1')).join('')
  return bitsMark + Number.parseInt(`1${bits}`, 2).toString(36)
}

function resultsOfBits(text: string): readonly RunResult[] {
  const bits = Number.parseInt(text.slice(1), 36)
  if (!(bits >= 1)) throw malformed(text)
  return Array.from(bits.toString(2).slice(1), (bit) => (bit === '0' ? 'success' : 'failure'))
}

/** @throws when the text is none of failures. */
export function failuresOf(text: string): readonly FailedRun[] {
  return resultsOf(text).map((result) => {
    if (!isFailedRun(result)) throw malformed(text)
    return result
  })
}

function codeOf({ kind, exitStatus }: FailedRun): string {
  return exitStatus === undefined
    ? capitalOf[kind]
    : String.fromCharCode(
        CAPITAL_A + Math.floor(exitStatus / LETTERS),
        CAPITAL_A + (exitStatus % LETTERS),
      )
}

function failureOf(text: string, before: number): FailedRun {
  const [, capital = '', high, low, since = ''] = failure.exec(text) ?? []
  const at = before + Number.parseInt(since, 36)
  if (high === undefined || low === undefined) return { at, kind: kindOf[capital] ?? 'failed' }
  const exitStatus = (high.charCodeAt(0) - CAPITAL_A) * LETTERS + low.charCodeAt(0) - CAPITAL_A
  return { at, kind: 'failed', exitStatus }
}

function malformed(text: string): Error {
  return new Error(`results must be marks, and failures with instants, got ${text}`)
}

/** The ends of runs so far, as `from/count` in base 36. */
export function endsText({ from, count }: Ends): string {
  return `${from.toString(36)}/${count.toString(36)}`
}

/** @throws when the text is none of ends. */
export function endsOf(text: string): Ends {
  const [, from, count] = /^([0-9a-z]+)\/([0-9a-z]+)$/.exec(text) ?? []
  if (from === undefined || count === undefined)
    throw new Error(`ends must be an instant and a count, got ${text}`)
  return { from: Number.parseInt(from, 36), count: Number.parseInt(count, 36) }
}
