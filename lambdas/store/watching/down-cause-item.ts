import { type DownCause, failureBy } from '../../domain/watching/down-cause.ts'

/** A cause as it lies in a heartbeat: a letter, and the number that belongs to it. */
export function downCauseItem(cause: DownCause): string {
  switch (cause.kind) {
    case 'missed':
      return `m${cause.dueAt}`
    case 'unfinished':
      return `u${cause.startedAt}`
    case 'failed':
      return `f${cause.exitStatus ?? ''}`
  }
}

/** @throws when the text is none of a cause. */
export function downCauseOf(text: string): DownCause {
  const [, letter, digits = ''] = /^([mu](?=\d)|f)(\d*)$/.exec(text) ?? []
  const number = Number(digits)
  if (letter === 'm') return { kind: 'missed', dueAt: number }
  if (letter === 'u') return { kind: 'unfinished', startedAt: number }
  if (letter === 'f') return failureBy(digits === '' ? {} : { exitStatus: number })
  throw new Error(`a cause must be a letter and a number, got ${text}`)
}
