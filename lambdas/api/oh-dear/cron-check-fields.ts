import * as z from 'zod'
import { canonicalTimeZone, parseSchedule, scheduleBounds } from '../../domain/schedule/schedule.ts'
import { checkBounds, hasAtMost } from '../../domain/watching/check-bounds.ts'
import type { NamedChange } from '../../managing/sync-checks.ts'

/** How many checks one sync may name. They are made one after the other within its half minute. */
const mostCronChecks = 300

/** The grace time of Oh Dear, and of its package, where none is given. */
const USUAL_GRACE_MINUTES = 5

/** A field of the text that the others can be read from once it is known to be good. */
function readable<T>(wanted: string, read: (text: string) => T | undefined) {
  return z.string({ error: wanted }).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue(wanted)
    return z.NEVER
  })
}

function textOf(least: number, most: number) {
  const error = `must have ${least}–${most} characters`
  return z
    .string({ error })
    .refine((text) => text.length >= least && hasAtMost(most, text), { error })
    .meta({ maxLength: most })
}

/** Fractions are no numbers by the time they get here. */
function minutes() {
  const most = scheduleBounds.longestSeconds / 60
  const error = `must be 1–${most}`
  return z.number({ error }).min(1, error).max(most, error).meta({ type: 'integer' })
}

/** One check as Oh Dear has it. */
export const cronCheckFields = z.object(
  {
    name: textOf(1, checkBounds.longestName),
    type: z.enum(['cron', 'simple'], { error: 'must be cron or simple' }).default('cron'),
    cron_expression: readable('must be a cron expression of five fields', cronOf).nullish(),
    frequency_in_minutes: minutes().nullish(),
    grace_time_in_minutes: minutes().nullish(),
    server_timezone: readable('must be a time zone', canonicalTimeZone).nullish(),
    description: textOf(0, checkBounds.longestDescription).nullish(),
  },
  'must be an object',
)

export const syncFields = z.object({
  cron_checks: z
    .array(cronCheckFields.transform(changeTo), { error: 'must be a list' })
    .max(mostCronChecks, `must have at most ${mostCronChecks} checks`)
    .superRefine((checks, context) => {
      const names = checks.map(({ name }) => name)
      const again = names.findIndex((name, index) => names.indexOf(name) < index)
      if (again >= 0)
        context.addIssue({ code: 'custom', path: [again, 'name'], message: 'is twice' })
    }),
})

function cronOf(text: string) {
  const schedule = parseSchedule(text)
  return schedule?.kind === 'cron' ? schedule : undefined
}

/** An empty description says nothing: the package sends no other, and people may have given one. */
function changeTo(
  { name, description, server_timezone: timeZone, ...fields }: z.infer<typeof cronCheckFields>,
  context: z.core.$RefinementCtx,
): NamedChange {
  const schedule = scheduleOf(fields)
  if (typeof schedule === 'string') {
    context.addIssue({ code: 'custom', path: [schedule], message: 'is missing' })
    return z.NEVER
  }
  return {
    name,
    schedule,
    graceSeconds: (fields.grace_time_in_minutes ?? USUAL_GRACE_MINUTES) * 60,
    ...(typeof timeZone === 'string' ? { timeZone } : {}),
    ...(description ? { description } : {}),
  }
}

type Timing = Pick<
  z.infer<typeof cronCheckFields>,
  'type' | 'cron_expression' | 'frequency_in_minutes'
>

/** The schedule, or the field that it lacks. */
function scheduleOf({ type, cron_expression: cron, frequency_in_minutes: frequency }: Timing) {
  if (type === 'cron') return cron ?? 'cron_expression'
  if (typeof frequency !== 'number') return 'frequency_in_minutes'
  return { kind: 'simple', periodSeconds: frequency * 60 } as const
}
