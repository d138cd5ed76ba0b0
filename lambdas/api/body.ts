import { HttpError } from './http-error.ts'

/** What a request carries in its body. */
export type Body = Readonly<Record<string, unknown>>

/**
 * The largest body that is read: some times what the longest fields of a check or a channel take.
 */
export const LARGEST_BODY_BYTES = 100_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON object that is the body of a request, whatever its content type. An empty body is an
 * empty object, and so is `null`, which clients send that have nothing to say.
 */
export function parseBody(bytes: Uint8Array): Body {
  if (bytes.length > LARGEST_BODY_BYTES)
    throw new HttpError(413, `request body is larger than ${LARGEST_BODY_BYTES} bytes`)
  const value = bytes.length === 0 ? {} : (parseJson(bytes) ?? {})
  if (!isObject(value)) throw new HttpError(400, 'json validation error: value is not an object')
  return value
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes), storable)
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(400, 'could not parse request body')
  }
}

/**
 * No field takes a fraction, and 60.0 is one, while JavaScript sees a whole number in it. So what
 * is written as a fraction becomes no number, which no field takes, not even one that may be null.
 * Half a character, which JSON can spell, can't be stored; nor can a field by the one name that is
 * no name in JavaScript: whoever copied the object would lose it, or change what all objects are.
 */
function storable(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === '__proto__')
    throw new HttpError(400, 'json validation error: no field may be called __proto__')
  if (typeof value === 'string') return value.toWellFormed()
  return typeof value === 'number' && !/^-?\d+$/.test(context?.source ?? '') ? NaN : value
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
