import {
  type DownCause,
  type FailedRun,
  failureBy,
  type RunCause,
} from '../../domain/watching/down-cause.ts'
import { failuresOf, resultsText } from './run-results-item.ts'

/**
 * A cause as it lies in a heartbeat: a letter, and the numbers that belong to it; then, behind a
 * space, the failures that counted.
 */
export function downCauseItem({ among, ...cause }: DownCause): string {
  return among === undefined ? runCauseText(cause) : `${runCauseText(cause)} ${resultsText(among)}`
}

function runCauseText(cause: RunCause): string {
  switch (cause.kind) {
    case 'missed':
      return `m${cause.dueAt}`
    case 'unfinished':
      return `u${cause.startedAt}/${cause.limitSeconds}`
    case 'failed':
      return `f${cause.exitStatus ?? ''}`
    case 'too-short':
      return `s${cause.tookMs}/${cause.leastSeconds}`
    case 'too-often':
      return `o${cause.count}/${cause.seconds}`
  }
}

/** @throws when the text is none of a cause. */
export function downCauseOf(text: string): DownCause {
  const [own = '', failures] = text.split(' ')
  const among: { readonly among?: readonly FailedRun[] } =
    failures === undefined ? {} : { among: failuresOf(failures) }
  return { ...runCauseOf(own), ...among }
}

const shape = /^(?:m(?=\d+$)|[uso](?=\d+\/\d+$)|f(?=\d*$))/

function runCauseOf(text: string): RunCause {
  const [letter] = shape.exec(text) ?? []
  const [first = '', second] = text.slice(1).split('/')
  const [one, other] = [Number(first), Number(second)]
  if (letter === 'm') return { kind: 'missed', dueAt: one }
  if (letter === 'u') return { kind: 'unfinished', startedAt: one, limitSeconds: other }
  if (letter === 's') return { kind: 'too-short', tookMs: one, leastSeconds: other }
  if (letter === 'o') return { kind: 'too-often', count: one, seconds: other }
  if (letter === 'f') return failureBy(first === '' ? {} : { exitStatus: one })
  throw new Error(`a cause must be a letter and its numbers, got ${text}`)
}
