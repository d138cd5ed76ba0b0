import { z } from 'zod'
import type { PlayedAnswer, ReceivedRequest } from '../../../lambdas/channels/played-answer.ts'

/** How a connection may fail. */
const failures = ['refused', 'timeout', 'reset'] as const

/** An answer to a request, or an error instead. */
export type AnswerOrError = PlayedAnswer | { readonly error: (typeof failures)[number] }

/** Headers that the server sets by itself. */
const framing = /^(connection|content-length|keep-alive|proxy-status|transfer-encoding)$/i

const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'takes the name of a header'),
    z.string().regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'takes one line of Latin-1'),
  )
  .refine(
    (all) => !Object.keys(all).some((name) => framing.test(name)),
    'one of them is set by itself',
  )

/** The answer to requests to a host that a control call asks for. */
const answerShape = z
  .strictObject({
    host: z.string().regex(/^[^\s/?#@]+$/, 'takes a host, with or without its port'),
    path: z.string().startsWith('/', 'takes a path, which begins with /').optional(),
    method: z
      .string()
      .regex(/^[A-Za-z]+$/, 'takes a method')
      .optional(),
    status: z.number().int().min(200).max(599).optional(),
    headers: headers.default({}),
    body: z.string().default(''),
    latencyMs: z.number().min(0).max(86_400_000).default(0),
    error: z.enum(failures).optional(),
    times: z.number().int().min(1).optional(),
  })
  .refine(({ status, error }) => status !== undefined || error !== undefined, {
    path: ['status'],
    error: 'is needed where there is no error',
  })

export const answersShape = z.array(answerShape).min(1).max(1000)

export type GivenAnswer = z.infer<typeof answerShape>

const MOST_ANSWERS = 1000

/**
 * The answers that were asked for. The first that matches counts, of the latest call with one. An
 * answer with a number of times is gone after it.
 */
export class GivenAnswers {
  #answers: { readonly given: GivenAnswer; left: number }[] = []

  /** The oldest calls make room. */
  add(answers: readonly GivenAnswer[]): void {
    const added = answers.map((given) => ({ given, left: given.times ?? Infinity }))
    this.#answers = [...added, ...this.#answers].slice(0, MOST_ANSWERS)
  }

  clear(): void {
    this.#answers = []
  }

  /** The answer that a request meets. */
  meet(request: Pick<ReceivedRequest, 'method' | 'url'>): GivenAnswer | undefined {
    const met = this.#answers.find(({ given }) => isFor(given, request))
    if (met === undefined) return undefined
    met.left -= 1
    this.#answers = this.#answers.filter(({ left }) => left > 0)
    return met.given
  }
}

/** Whether an answer is for a request. A path without a query matches any query. */
function isFor(
  given: GivenAnswer,
  { method, url }: Pick<ReceivedRequest, 'method' | 'url'>,
): boolean {
  const { host, hostname, pathname, search } = new URL(url)
  return (
    [host, hostname].includes(given.host.toLowerCase()) &&
    [pathname, pathname + search].includes(given.path ?? pathname) &&
    (given.method ?? method).toUpperCase() === method
  )
}
