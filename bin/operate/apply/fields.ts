import * as z from 'zod'
import { secondsIn } from '../../../lambdas/domain/wire/duration-text.ts'
import { isNot } from '../../../lambdas/managing/fields/parsing.ts'

/*
 * How files spell what the API has: its fields, with lists in place of texts of several words, and
 * lengths of time as people write them.
 */

const aDuration = 'a length of time such as 90s, 30m, 2h or 7d'

/** Seconds, or a text such as `30m`, within the bounds that the API has for seconds. */
export function writtenDuration(bounds: z.ZodType<number | undefined, number | undefined>) {
  const inWords = z.string().transform((text, context) => {
    const seconds = secondsIn(text)
    if (seconds !== undefined) return seconds
    context.addIssue(`is not ${aDuration}`)
    return z.NEVER
  })
  return z
    .union([z.number(), inWords], { error: isNot(aDuration) })
    .pipe(bounds as z.ZodType<number, number>)
    .meta({ description: `${aDuration}, or a number of seconds` })
}

/** Words in a list, which the API takes in one text with spaces or commas between. */
export function wordList(separator: ' ' | ',', longest: number) {
  const word =
    separator === ' '
      ? z.string({ error: isNot('a text') }).regex(/^\S+$/, 'is not one word')
      : z
          .string({ error: isNot('a text') })
          .regex(/^[^,]*[^,\s][^,]*$/, 'is not a word without commas')
          .trim()
  return z
    .array(word, { error: isNot('a list') })
    .refine((words) => words.join(separator).length <= longest, 'is too long altogether')
}

/** Names in a list, each once. */
export function nameList() {
  return z
    .array(z.string({ error: isNot('a name') }).min(1, 'is empty'), { error: isNot('a list') })
    .refine((names) => new Set(names).size === names.length, 'has a name twice')
}
