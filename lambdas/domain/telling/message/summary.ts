import type { Alert } from '../alert.ts'
import type { RunCause } from '../../watching/down-cause.ts'
import { failureInWords } from '../../watching/failure-in-words.ts'
import { durationInWords, instantInWords, ordinal } from '../../wire/words.ts'

/**
 * What happened, in a sentence. Another says before it that it is told again, and another behind it
 * that it is one failure of several.
 */
export function summaryOf({ cause, flip, telling, check }: Alert, now: number): string {
  if (cause.kind === 'recovered') return recovery(flip.at, cause.downSinceAt)
  const { among = [] } = cause
  const sentences = [
    telling === undefined ? '' : repetition(now - flip.at, telling),
    failure(cause, { at: flip.at, timeZone: check.timeZone }),
    among.length < 2 ? '' : `It was the ${ordinal(among.length)} failure that counted.`,
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function repetition(downMs: number, telling: number): string {
  return `Still down after ${durationInWords(downMs)}, told for the ${ordinal(telling + 1)} time.`
}

function failure(
  cause: RunCause,
  { at, timeZone }: { readonly at: number; readonly timeZone: string },
): string {
  const instant = (of: number) => instantInWords(of, timeZone)
  if (cause.kind === 'missed') return `No ping came by the deadline, ${instant(at)}.`
  const [first = '', ...rest] = failureInWords(cause, instant)
  return `${first.toUpperCase()}${rest.join('')}.`
}

function recovery(at: number, downSinceAt: number | undefined): string {
  return downSinceAt === undefined
    ? 'A success ping came: the check is up again.'
    : `A success ping came: the check is up again after ${durationInWords(at - downSinceAt)}.`
}
