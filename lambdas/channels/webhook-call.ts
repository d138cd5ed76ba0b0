import * as z from 'zod'
import { mayBePublic } from '../domain/telling/public-address.ts'
import { signatureHeader } from '../domain/telling/signing.ts'
import { exampleBodyOf, type WebhookCall } from '../domain/telling/webhook-request.ts'
import { textUpTo } from './form.ts'

const methods = ['GET', 'POST', 'PUT'] as const

const LONGEST_URL = 1000
const LONGEST_HEADER = 1000
const LONGEST_BODY = 10_000
const MOST_HEADERS = 20

/** A webhook's request as people may give it, with bounds and texts of errors. */
export const givenCall = () =>
  z
    .object(
      {
        method: z.enum(methods, { error: 'has unexpected value' }).default('GET'),
        url: textUpTo(LONGEST_URL).refine(
          leadsOutside,
          'is not the URL of a public host, by http or https',
        ),
        headers: headers().default({}),
        body: textUpTo(LONGEST_BODY).default(''),
      },
      { error: 'is not an object' },
    )
    .refine((wanted) => !isToBeJson(wanted) || isJson(exampleBodyOf(wanted)), {
      path: ['body'],
      error: 'is not JSON once its placeholders are filled in, as its Content-Type says it is',
    })

/** The same as it is kept. */
export const storedCall = () =>
  z.object({
    method: z.enum(methods),
    url: z.string(),
    headers: z.record(z.string(), z.string()).transform(byName),
    body: z.string(),
  })

/** Tables keep headers in no order. */
function byName(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}

/** Framing is the sender's own business. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

const headers = () =>
  z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/),
      textUpTo(LONGEST_HEADER).regex(/^\P{Cc}*$/u),
      { error: 'is not an object' },
    )
    .refine(
      (all) => Object.keys(all).length <= MOST_HEADERS,
      `has more than ${MOST_HEADERS} headers`,
    )
    .refine(
      (all) =>
        !Object.keys(all).some((name) => ownHeaders.test(name) || signatureHeader.test(name)),
      'has a header that is set by itself',
    )

/** Placeholders belong behind the host: a check's name must not decide whom it is told to. */
function leadsOutside(url: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false
  const parsed = new URL(url)
  const { host, username, password } = parsed
  return !`${host}${username}${password}`.includes('$') && mayBePublic(parsed)
}

/** https://mimesniff.spec.whatwg.org/#json-mime-type */
const jsonType = /^\s*((application|text)\/json|[^/;\s]+\/[^/;\s]+\+json)\s*(;|$)/i

function isToBeJson({ method, headers, body }: WebhookCall): boolean {
  const says = Object.entries(headers).some(
    ([name, value]) => /^content-type$/i.test(name) && jsonType.test(value),
  )
  return says && method !== 'GET' && body !== ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
