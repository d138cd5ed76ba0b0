const LONGEST_NAME = 90
const CURL = 'curl -fsS -m 10 --retry 5 -o /dev/null'

/**
 * One program by its path. It is no builtin such as `exec`, so it can do nothing to the shell that
 * pings after it.
 */
const PLAIN =
  /^\/[\w./+-]+(?:[ \t]+(?:[\w./:=@,+-]+|\d?>>?[ \t]*[\w./-]+|\d?>&\d|<[ \t]*[\w./-]+))*[ \t]*$/

/** The name of a job: its command without folders, input, redirections and comment. */
export function commandName(command: string): string {
  const [line] = splitInput(command)
  const [words] = splitComment(line)
  const plain = words
    .replace(/^\s*cd\s+\S+\s*(&&|;)\s*/, '')
    .replace(/\s*\d?(>>|>&|&>|>|<)\s*\S+/g, '')
    .replace(/^\/\S*\/(?=\S)/, '')
    .replace(/(?<!\\)[;&\s]+$/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return Array.from(plain === '' ? line.trim() : plain)
    .slice(0, LONGEST_NAME)
    .join('')
}

/**
 * The command, and after it a ping that reports its exit status, so that people hear of failures,
 * too. The exit status stays that of the command, because some crons decide by it whether to mail.
 * Anything but a plain command runs, byte for byte, in a shell of its own: whatever it does there,
 * the ping follows.
 */
export function withPing(
  command: string,
  { shell, pingUrl }: { readonly shell: string; readonly pingUrl: string },
): string {
  const [own, input] = splitInput(command)
  return `${alone(own, shell)}; s=$?; ${CURL} ${pingUrl}/$s; exit $s${input}`
}

/**
 * The command, run by `overdue run`, which ends as it does. Redirections go into a shell of their
 * own, too: one that fails would keep `overdue run` from telling that.
 */
export function withRun(
  command: string,
  { shell, program, check }: Record<'shell' | 'program' | 'check', string>,
): string {
  const [own, input] = splitInput(command)
  const words = /[<>]/.test(own) ? inShell(own, shell) : alone(own, shell)
  return `${program} run --check ${check} -- ${words}${input}`
}

/** A command that can't do anything to what stands beside it. */
function alone(own: string, shell: string): string {
  return PLAIN.test(own) ? own.trimEnd() : inShell(own, shell)
}

function inShell(own: string, shell: string): string {
  return `${shell} -c '${own.replaceAll("'", String.raw`'\''`)}'`
}

/** Splits a command at the first `%` without a backslash: cron makes the rest its input. */
export function splitInput(command: string): readonly [line: string, input: string] {
  const [line = ''] = /^(?:\\[^]|[^%\\])*\\?/.exec(command) ?? []
  return [line, command.slice(line.length)]
}

/**
 * Splits off the comment, which begins at a `#` that begins a word outside of quotes. It is a
 * guess, for names and warnings only.
 */
export function splitComment(line: string): readonly [words: string, comment: string] {
  let quote = ''
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (character === '\\' && quote !== "'") at += 1
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '#' && (at === 0 || /[\s;&|()]/.test(line.charAt(at - 1))))
      return [line.slice(0, at), line.slice(at)]
  }
  return [line, '']
}
