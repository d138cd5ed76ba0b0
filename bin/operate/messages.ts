import type { Target } from './place-options.ts'

/** One line that says what went wrong and what to do about it. */
export function explanationOf(error: unknown, target: Target): string {
  if (!(error instanceof Error)) return String(error)
  if (target.local !== undefined && isUnreachable(error)) {
    return `no local stack answers at ${target.local}; start one with npm start, or give its address as --local <url>`
  }
  if (error.name === 'ValidationError' && /does not exist/.test(error.message)) {
    return `there is no stack ${target.stack} in ${placeOf(target)}; name it with --stack, its region with --region`
  }
  if (error.name === 'CredentialsProviderError')
    return 'no AWS credentials found; log in, or set AWS_PROFILE'
  if (error.message === 'Region is missing')
    return 'no AWS region is configured; give it as --region, or set AWS_REGION'
  return joinLines(error.message === '' ? error.name : error.message)
}

/** Why a request got no answer. Where several addresses were tried, the error has a code only. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return plainMessageOf(cause instanceof Error ? cause : error)
}

/** What an error of a connection says, but for the words of a library for TLS. */
export function plainMessageOf(error: Error): string {
  if (/SSL routines.*(wrong version number|packet length too long)/.test(error.message))
    return 'no TLS is spoken there; perhaps its URL begins with http://'
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}

/** Text on one line, so that an error can be found and counted in a log. */
export function joinLines(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}

function placeOf({ region, local }: Target): string {
  return local ?? region ?? 'your default region'
}

const unreachableCodes: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
]

export function isUnreachable(error: Error): boolean {
  return 'code' in error && unreachableCodes.includes(error.code)
}
