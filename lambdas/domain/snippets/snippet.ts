import type { Schedule } from '../schedule/schedule.ts'
import { oneLine, shortened } from '../wire/plain-text.ts'

export const snippetKinds = [
  'crontab',
  'bash',
  'systemd',
  'powershell',
  'python',
  'node',
  'github',
  'kubernetes',
  'compose',
  'ansible',
  'taskscheduler',
  'mail',
] as const
export type SnippetKind = (typeof snippetKinds)[number]

/** What a snippet is made for. */
export type SnippetFacts = {
  /** Of one check, by its UUID or its slug, without a slash at its end. */
  readonly pingUrl: string
  readonly schedule: Schedule
  readonly timeZone: string
  readonly name: string
  /** Whether a run may be under way when the next begins: each then has an id of its own. */
  readonly runsOverlap?: boolean
  /** Where mails that ping the check go, if the deployment takes any. */
  readonly mailAddress?: string
}

/** Code that pings a check, to be copied. */
export type Snippet = {
  /** Tells that a run starts, and how it ended. */
  readonly text: string
  /** Tells only that a run succeeded. */
  readonly short?: string
  /** What people should know of time-outs, retries and time zones. */
  readonly note: string
}

/** Stands where the job's own command goes. */
export const JOB = '/path/to/job'

/** What any shell, YAML and script takes as it is. */
const plainUrl = /^https?:\/\/[\w.:/@-]+$/

/**
 * A ping URL that needs no quoting anywhere.
 * @throws for one that would: nothing that people have typed may become code
 */
export function unquoted(pingUrl: string): string {
  if (!plainUrl.test(pingUrl)) throw new Error('a ping URL in a snippet must need no quoting')
  return pingUrl
}

/** The name of a check behind a comment mark, which it can't leave: the only place it stands in. */
export function comment(name: string, mark = '#'): string {
  const words = shortened(oneLine(name), 200)
  return words === '' ? `${mark} A job that Overdue watches` : `${mark} ${words}`
}
