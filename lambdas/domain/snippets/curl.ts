import { unquoted, type SnippetFacts } from './snippet.ts'

/** Quiet but for errors, ten seconds a try, and what is answered is thrown away. */
export const CURL = 'curl -fsS -m 10 --retry 5 -o /dev/null'

export const curlNote =
  'curl waits 10 seconds at most and tries five times more where that helps, so a ping that can not get through never stops the job.'

const RUN_ID = 'R=$(cat /proc/sys/kernel/random/uuid)'

/** A command with the pings around it, on one line of a shell. */
export function wrapped(job: string, { pingUrl, runsOverlap }: SnippetFacts): string {
  const url = unquoted(pingUrl)
  return runsOverlap === true
    ? `${RUN_ID}; ${CURL} "${url}/start?rid=$R"; ${job}; ${CURL} "${url}/$??rid=$R"`
    : `${CURL} ${url}/start; ${job}; ${CURL} ${url}/$?`
}

/** The same on lines of their own, with the ping URL in `$PING_URL`. */
export function wrappedLines(job: string, { runsOverlap }: SnippetFacts): readonly string[] {
  const id = runsOverlap === true ? '?rid=$R' : ''
  return [
    ...(runsOverlap === true ? [RUN_ID] : []),
    `${CURL} "$PING_URL/start${id}"`,
    job,
    'status=$?',
    `${CURL} "$PING_URL/$status${id}"`,
    'exit $status',
  ]
}

export function indentedBy(lines: readonly string[], by: number): string {
  return lines.map((line) => `${' '.repeat(by)}${line}`).join('\n')
}
