import { parseUuid } from '../wire/uuid.ts'

/** A row, or a change, that can't be taken, and why. */
export type RowFault = {
  /** The UUID of the row, as far as it has one. */
  readonly row: string
  /** The name of the project in the view. */
  readonly project: string
  readonly words: string
  readonly since: number
}

/** Since when, and why, nothing more of a project is deleted. */
export type DeletionHold = {
  readonly projectId: string
  readonly at: number
  readonly why: HoldCause
}

export const holdCauses = ['most-gone', 'view-empty'] as const

export type HoldCause = (typeof holdCauses)[number]

const LONGEST_NAME = 64

/** What a row is called: by its UUID, however that is spelled, or by the letters in its place. */
export function rowName(uuid: string): string {
  return parseUuid(uuid) ?? (beginningOf(uuid, LONGEST_NAME) || 'no uuid')
}

const LONGEST_PROJECT = 200
const LONGEST_WORDS = 300

/** What is kept of a fault: others, who choose names and texts as well, must have room, too. */
export function boundedFault({ project, words, ...fault }: RowFault): RowFault {
  return {
    ...fault,
    project: beginningOf(project, LONGEST_PROJECT),
    words: beginningOf(words, LONGEST_WORDS),
  }
}

/** Half a character at the end would be none that can be written. */
function beginningOf(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed()
}
