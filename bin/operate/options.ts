import { InvalidArgumentError } from 'commander'
import { isPlainName } from '../../lambdas/domain/people/plain-name.ts'
import { emailAddress } from '../../lambdas/domain/people/email-address.ts'

/** Where `npm start` listens unless it is told otherwise. */
export const DEFAULT_LOCAL_URL = 'http://127.0.0.1:8787'

const MOST_CHECKS = 100_000

/**
 * @throws InvalidArgumentError, as all of these, saying what is wanted; what was given is told by
 * the library.
 */
export function plainName(text: string): string {
  const name = text.trim()
  if (!isPlainName(name))
    throw new InvalidArgumentError('It takes one line of 1 to 100 characters.')
  return name
}

export function addressOption(text: string): string {
  if (!emailAddress.test(text))
    throw new InvalidArgumentError('It takes an e-mail address such as ops@example.com.')
  return text
}

export function checkLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > MOST_CHECKS) {
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${MOST_CHECKS}.`)
  }
  return Number(text)
}

export function regionName(text: string): string {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d$/.test(text))
    throw new InvalidArgumentError('It takes an AWS region such as eu-central-1.')
  return text
}

/** The address of a local stack, without a slash at its end. */
export function localUrl(text: string): string {
  const url = URL.parse(text)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new InvalidArgumentError(
      `It takes the address of a local stack such as ${DEFAULT_LOCAL_URL}.`,
    )
  }
  return url.origin
}
