import { InvalidArgumentError } from 'commander'
import { durationText, secondsIn } from '../../lambdas/domain/wire/duration-text.ts'
import { parseUuid } from '../../lambdas/domain/wire/uuid.ts'

/*
 * What several commands take. `overdue run` is one of them, so nothing is loaded here that takes
 * long. All throw InvalidArgumentError, saying what is wanted.
 */

/** A length of time, in seconds. */
export function durationOption(text: string): number {
  const read = secondsIn(text)
  if (read === undefined) throw new InvalidArgumentError('It takes a time such as 90s, 30m or 2h.')
  return read
}

type Bounds = { readonly least: number; readonly most: number }

/** The same, within bounds. */
export function durationWithin({ least, most }: Bounds): (text: string) => number {
  return (text) => {
    const read = durationOption(text)
    if (read < least || read > most)
      throw new InvalidArgumentError(
        `It takes ${durationText(least)} at least, and ${durationText(most)} at most.`,
      )
    return read
  }
}

/** Seconds of a period, or an expression. */
export function scheduleOption(text: string): string | number {
  if (/^\d+$/.test(text))
    throw new InvalidArgumentError('It takes cron, OnCalendar, or a period with a unit, as in 1h.')
  return secondsIn(text) ?? text
}

/** A check by its UUID, in small letters, or its slug. */
export function checkOption(text: string): string {
  const uuid = parseUuid(text)
  if (uuid === undefined && !/^[a-z0-9_-]{1,100}$/.test(text))
    throw new InvalidArgumentError('It takes the UUID or the slug of a check.')
  return uuid ?? text
}
