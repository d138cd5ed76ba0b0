import { durationInWords } from '../wire/words.ts'
import type { FailCause, RunCause } from './down-cause.ts'

/** What went wrong with a run that came, as a part of a sentence. */
export function failureInWords(
  cause: Exclude<RunCause, { readonly kind: 'missed' }>,
  instant: (at: number) => string,
): string {
  return cause.kind === 'unfinished'
    ? `the run that started ${instant(cause.startedAt)} did not finish within ${inWords(cause.limitSeconds)}`
    : endInWords(cause)
}

function endInWords(cause: FailCause): string {
  switch (cause.kind) {
    case 'failed':
      return cause.exitStatus === undefined
        ? 'the job reported a failure'
        : `the job failed with exit status ${cause.exitStatus}`
    case 'too-short':
      return `the run was too short: it took ${durationInWords(cause.tookMs)}, and should take ${inWords(cause.leastSeconds)} at least`
    case 'too-often':
      return `the job ran too often: ${cause.count} times within ${inWords(cause.seconds)}`
  }
}

function inWords(seconds: number): string {
  return durationInWords(seconds * 1000)
}
