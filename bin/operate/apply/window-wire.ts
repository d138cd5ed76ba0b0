import * as z from 'zod'
import { secondsText } from '../../../lambdas/managing/shown/instants.ts'
import type { FileFields } from './shape.ts'

type WrittenWindow = NonNullable<FileFields['windows']>[string]

/** A maintenance window as files have it, with all that they may leave out. */
export type WindowEntry = {
  readonly tags: readonly string[]
  readonly seconds: number
} & ({ readonly start: string } | { readonly schedule: string; readonly tz: string })

/** A window as the API answers it, as far as a file has it. */
export const windowAnswerShape = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.string(),
  seconds: z.number(),
  start: z.string().optional(),
  schedule: z.string().optional(),
  tz: z.string().optional(),
  managed_by: z.string().optional(),
})

export type AnsweredWindow = z.output<typeof windowAnswerShape>

/**
 * The window that a file means.
 * @param usualZone of the file's defaults
 * @returns words where it says no beginning, or two
 */
export function windowEntry(written: WrittenWindow, usualZone = 'UTC'): WindowEntry | string {
  const { start, schedule, tz = usualZone, tags = [], seconds } = written
  if (start !== undefined && schedule !== undefined) return 'has both a schedule and a start'
  const rest = { tags, seconds }
  if (start !== undefined) return { ...rest, start: secondsText(Math.floor(start / 1000) * 1000) }
  return schedule === undefined ? 'needs a schedule or a start' : { ...rest, schedule, tz }
}

/** A window of the API as a file has it. */
export function entryOfWindow(answer: AnsweredWindow): WindowEntry {
  const { start, schedule = '', tz = 'UTC', seconds } = answer
  const tags = answer.tags.split(/\s+/).filter((tag) => tag !== '')
  return { tags, seconds, ...(start === undefined ? { schedule, tz } : { start }) }
}

/** What the API is asked for. */
export function windowBody(name: string, { tags, ...entry }: WindowEntry): object {
  return { name, tags: tags.join(' '), ...entry }
}
