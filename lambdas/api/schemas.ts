import * as z from 'zod'
import { scheduleBounds } from '../domain/schedule/schedule.ts'
import { HttpError } from './http-error.ts'

const { longestSeconds } = scheduleBounds
const LATEST_UNIX_SECONDS = 10_000_000_000

/** Which checks are listed: those that have all the tags and the slug; an empty slug is none. */
export const listQuery = z.object({
  tag: z.array(z.string()).optional(),
  slug: z.string().optional(),
})

const wholeNumber = (largest: number) =>
  z
    .string()
    .regex(/^\d{1,11}$/)
    .transform(Number)
    .refine((value) => value <= largest, 'is too large')
    .optional()

export const flipsQuery = z.object({
  start: wholeNumber(LATEST_UNIX_SECONDS),
  end: wholeNumber(LATEST_UNIX_SECONDS),
  seconds: wholeNumber(longestSeconds),
})

/** From when (inclusive) to when (exclusive), in epoch milliseconds. */
export type FlipsRange = { readonly from?: number; readonly to?: number }

/** @throws HttpError 400 that names the parameter and what it takes. */
export function parseFlipsRange(
  query: Readonly<Partial<Record<string, string>>>,
  now: number,
): FlipsRange {
  const read = flipsQuery.safeParse({
    ...query,
    seconds: query['seconds'] === '' ? '0' : query['seconds'],
  })
  if (!read.success) throw new HttpError(400, flipsError(read.error))
  const { start = 0, end, seconds: window = 0 } = read.data
  const from = Math.max(start * 1000, window === 0 ? 0 : now - window * 1000)
  return { from, ...(end === undefined ? {} : { to: end * 1000 }) }
}

function flipsError(error: z.ZodError): string {
  const name = String(error.issues[0]?.path[0])
  return `${name} must be a whole number of seconds, 0–${name === 'seconds' ? longestSeconds : LATEST_UNIX_SECONDS}`
}
