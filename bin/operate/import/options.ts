import { InvalidArgumentError } from 'commander'
import { canonicalTimeZone } from '../../../lambdas/domain/schedule/schedule.ts'

const LONGEST_TAGS = 500

/** The URL of a Healthchecks server. @throws InvalidArgumentError, as all of these do. */
export function serverUrl(text: string): string {
  const url = URL.parse(text)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new InvalidArgumentError(
      'It takes the address of a Healthchecks server such as https://healthchecks.io.',
    )
  }
  return text
}

export function timeZoneName(text: string): string {
  const name = canonicalTimeZone(text)
  if (name === undefined)
    throw new InvalidArgumentError('It takes a time zone such as Europe/Riga.')
  return name
}

export function tagList(text: string): string {
  if (text.length > LONGEST_TAGS || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError(`It takes words, ${LONGEST_TAGS} characters at most.`)
  return text.trim().split(/\s+/).join(' ')
}

/** It becomes a part of each line, where a shell reads it. */
export function programPath(text: string): string {
  if (!/^[\w./+-]+$/.test(text))
    throw new InvalidArgumentError('It takes a program such as /usr/local/bin/overdue.')
  return text
}
