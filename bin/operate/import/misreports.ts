import type { Job } from './crontab.ts'
import { splitComment, splitInput } from './shell-command.ts'

/** What may be reported wrongly of a job, in words for whoever can mend its line. */
export function misreportsOf(
  job: Pick<Job, 'command' | 'shell' | 'delaySeconds'>,
  graceSeconds: number,
): readonly string[] {
  const [line, input] = splitInput(job.command)
  const [words] = splitComment(line)
  const delaySeconds = job.delaySeconds + sleepSeconds(words)
  const bare = words.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, "''")
  return [
    ...(input === ''
      ? []
      : [
          String.raw`cron ends the command at the % and hands it the rest as input; where a % is meant, write \%`,
        ]),
    ...(delaySeconds > graceSeconds
      ? [
          `it waits for up to ${delaySeconds} seconds, and the grace time of its check is ${graceSeconds}: give the check a longer one`,
        ]
      : []),
    ...rules.filter(({ isBroken }) => isBroken(bare, job.shell)).map(({ warning }) => warning),
  ]
}

type Rule = {
  readonly isBroken: (words: string, shell: string) => boolean
  readonly warning: string
}

const GUARD =
  /(?:^|[;&({])\s*(?:!\s+)?(?:\[\[?|test|e?grep|pgrep|pidof|command\s+-v|which|type|hash|mountpoint|cmp|diff|systemctl\s+(?:-\S+\s+)*is-\w+)\s[^;]*&&/
const LOCK = /(?:^|[\s;&|({/])flock((?:\s+-\S+(?:\s+\d+)?)*)\s/
const NO_WAIT = /\s(?:-\w*n\w*|--nb|--nonblock)(?:\s|$)/
const OWN_STATUS = /\s(?:-E|--conflict-exit-code)/
const NO_FAILURE = /(?:\|\||;)\s*(?:true|:|exit\s+0)[\s;)}]*$/

/**
 * Guesses at what people write. A wrong guess costs a wrong report or a needless warning, never a
 * job.
 */
const rules: readonly Rule[] = [
  {
    isBroken: (words) => GUARD.test(words) && !words.includes('||'),
    warning:
      'where its guard says no, that is a failure by its exit status; write: if <guard>; then <job>; fi',
  },
  {
    isBroken(words) {
      const [, options = ''] = LOCK.exec(words) ?? []
      return NO_WAIT.test(options) && !OWN_STATUS.test(options)
    },
    warning:
      'where flock finds the lock taken, that is a failure by its exit status; -E 0 makes it none',
  },
  {
    isBroken: (words) => /[^|>\\]\|(?!\|)/.test(words) && !words.includes('pipefail'),
    warning: 'of a pipe only the last command tells its failure',
  },
  {
    isBroken: (words) => NO_FAILURE.test(words),
    warning: 'it ends with success whatever happened, so no failure is told',
  },
  {
    isBroken: (words, shell) => /&>/.test(words) && !/\/(?:ba|z)sh$/.test(shell),
    warning:
      'to many a /bin/sh, &> sends the job to the background, whose end is not seen; write > file 2>&1',
  },
]

/** `$RANDOM` is less than this. */
const RANDOM_BOUND = 32_768
const unitSeconds: ReadonlyMap<string | undefined, number> = new Map([
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
])

/** How long a command sleeps at most: the largest number, or product of two, behind `sleep`. */
function sleepSeconds(words: string): number {
  const [, tail = ''] = /\bsleep\b((?:'[^']*'|"[^"]*"|[^;&|'"])*)/.exec(words) ?? []
  const multiplied = tail.replace(/(\d{1,9})\s*\*\s*(\d{1,9})/g, (_, one, other) =>
    String(Number(one) * Number(other)),
  )
  const numbers = [...multiplied.matchAll(/\d{1,9}/g)].map(([digits]) => Number(digits))
  const most = Math.max(0, ...numbers)
  const isUnbounded = most === 0 && /\$\{?RANDOM/.test(tail)
  return (
    (isUnbounded ? RANDOM_BOUND : most) * (unitSeconds.get(/[\d)}]([mhd])\b/.exec(tail)?.[1]) ?? 1)
  )
}
