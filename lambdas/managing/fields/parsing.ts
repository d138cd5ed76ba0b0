import * as z from 'zod'
import { isApplied, type ManagedBy } from '../../domain/watching/managed-by.ts'
import { FieldError, type FieldIssue } from './field-error.ts'

/** What somebody gives, by the names of fields. */
export type GivenFields = Readonly<Record<string, unknown>>

type Bounds = { readonly least: number; readonly most: number }

/** A whole number within bounds. Fractions don't get here. */
export function whole({ least, most }: Bounds) {
  return z
    .number({ error: isNot('a number') })
    .min(least, 'is too small')
    .max(most, 'is too large')
    .meta({ type: 'integer' })
}

/** An unknown name is an error of its own: a rule with a slip in its name would do nothing. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys' ? 'is not known' : isNot('an object')({ input }),
  })
}

/** A list with at least one item. */
export function listUpTo<Item extends z.ZodType>(item: Item, most: number) {
  return z
    .array(item, { error: isNot('an array') })
    .min(1, 'is empty')
    .max(most, `has more than ${most} items`)
}

/** An instant, in milliseconds once it is read. */
export function instant() {
  return z.iso
    .datetime({ offset: true, error: isNot('an instant in ISO 8601, with its offset from UTC') })
    .transform(Date.parse)
}

/** Who is to keep a thing as it is; null where people are, for which an empty text stands, too. */
export function managedByField() {
  return z
    .string({ error: isNot('a string') })
    .transform((text, context): ManagedBy | null => {
      if (text === '') return null
      if (isApplied(text)) return text
      context.addIssue('is not apply: and a name of 1–100 characters')
      return z.NEVER
    })
    .nullable()
    .optional()
    .describe('apply: and the name in the file that keeps it so; null takes it away')
}

/** The error of a value that is none of what is wanted, or is not there at all. */
export function isNot(kind: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? 'is missing' : `is not ${kind}`
}

/** Fields as a schema reads them. @throws FieldError of all that is wrong. */
export function parsed<T>(schema: z.ZodType<T>, fields: unknown): T {
  const result = schema.safeParse(fields)
  if (result.success) return result.data
  const [first = { path: [], words: '' }, ...others] = result.error.issues.map(issueOf)
  throw new FieldError(first, ...others)
}

function issueOf(issue: z.core.$ZodIssue): FieldIssue {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return { path: [...issue.path, ...unknown].map(String), words: issue.message }
}
