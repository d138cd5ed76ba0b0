import type { FailedRun } from '../../domain/watching/down-cause.ts'
import type { Ends, RunResult } from '../../domain/watching/run-result.ts'

/*
 * Up to twenty results lie in a heartbeat that has to stay under 1 KB: a letter each, and of a
 * failure its instant and its exit status, in base 36.
 */
const letterOf: Readonly<Record<FailedRun['kind'], string>> = {
  missed: 'm',
  unfinished: 'u',
  failed: 'f',
  'too-short': 's',
  'too-often': 'o',
}
const kindOf: Readonly<Partial<Record<string, FailedRun['kind']>>> = {
  m: 'missed',
  u: 'unfinished',
  f: 'failed',
  s: 'too-short',
  o: 'too-often',
}

const shape = /^([mufso])([0-9a-z]+)(?:-([0-9a-z]+))?$/

export function resultsText(results: readonly RunResult[]): string {
  return results.map(resultText).join(',')
}

/** @throws when the text is none of results. */
export function resultsOf(text: string): readonly RunResult[] {
  return text === '' ? [] : text.split(',').map(resultOf)
}

export function failuresText(failures: readonly FailedRun[]): string {
  return failures.map(failureText).join(',')
}

/** @throws when the text is none of failures. */
export function failuresOf(text: string): readonly FailedRun[] {
  return text.split(',').map(failureOf)
}

function resultText(result: RunResult): string {
  if (result === 'success') return '.'
  return result === 'failure' ? 'x' : failureText(result)
}

function resultOf(text: string): RunResult {
  if (text === '.') return 'success'
  return text === 'x' ? 'failure' : failureOf(text)
}

function failureText({ kind, at, exitStatus }: FailedRun): string {
  const status = exitStatus === undefined ? '' : `-${exitStatus.toString(36)}`
  return `${letterOf[kind]}${at.toString(36)}${status}`
}

function failureOf(text: string): FailedRun {
  const [, letter = '', at = '', exitStatus] = shape.exec(text) ?? []
  const kind = kindOf[letter]
  if (kind === undefined) throw new Error(`a failure must be a letter and an instant, got ${text}`)
  return {
    at: Number.parseInt(at, 36),
    kind,
    ...(exitStatus === undefined ? {} : { exitStatus: Number.parseInt(exitStatus, 36) }),
  }
}

/** The ends of runs so far, as `from/count`. */
export function endsText({ from, count }: Ends): string {
  return `${from}/${count}`
}

/** @throws when the text is none of ends. */
export function endsOf(text: string): Ends {
  const [, from, count] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (from === undefined) throw new Error(`ends must be an instant and a count, got ${text}`)
  return { from: Number(from), count: Number(count) }
}
