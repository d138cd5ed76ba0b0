import * as z from 'zod'
import { HttpError } from './http-error.ts'

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

/** The error of a value that is none of what is wanted, or is not there at all. */
export function isNot(kind: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? 'is missing' : `is not ${kind}`
}

/** Fields as a schema reads them. @throws HttpError 400 with the text of the first error. */
export function parsed<T>(schema: z.ZodType<T>, fields: unknown): T {
  const result = schema.safeParse(fields)
  if (result.success) return result.data
  throw new HttpError(400, `json validation error: ${firstError(result.error)}`)
}

function firstError({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return ''
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [placeOf([...issue.path, ...unknown]), issue.message].filter(Boolean).join(' ')
}

/** As the reference, which tells of the one list that it has that an item is wrong. */
function placeOf(path: readonly PropertyKey[]): string {
  const [field, item] = path
  return field === 'unique' && item !== undefined
    ? `an item in 'unique'`
    : path.map(String).join('.')
}
