const LONGEST_NAME = 90
const CURL = 'curl -fsS -m 10 --retry 5 -o /dev/null'

/**
 * One program, by its path, which is no builtin such as `exec`: it can do nothing to the shell that
 * pings behind it.
 */
const PLAIN =
  /^\/[\w./+-]+(?:[ \t]+(?:[\w./:=@,+-]+|\d?>>?[ \t]*[\w./-]+|\d?>&\d|<[ \t]*[\w./-]+))*[ \t]*$/

/** What a job is called: its command without folders, input for it, redirections and comment. */
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
 * The command with a ping behind it that tells its exit status, so that a failure is told as well
 * as an absence. The status of the whole stays that of the command, by which some crons decide on
 * mail. Whatever is more than a plain command runs in a shell of its own, which gets it as cron
 * hands it over, to the byte: nothing has to be understood of it, and it can't keep the ping from
 * running.
 */
export function withPing(
  command: string,
  { shell, pingUrl }: { readonly shell: string; readonly pingUrl: string },
): string {
  const [own, input] = splitInput(command)
  const alone = PLAIN.test(own)
    ? own.trimEnd()
    : `${shell} -c '${own.replaceAll("'", String.raw`'\''`)}'`
  return `${alone}; s=$?; ${CURL} ${pingUrl}/$s; exit $s${input}`
}

/**
 * Cron hands what follows the first `%` to the command as its input. A backslash takes the
 * character behind it out of this.
 */
export function splitInput(command: string): readonly [line: string, input: string] {
  const [line = ''] = /^(?:\\[^]|[^%\\])*\\?/.exec(command) ?? []
  return [line, command.slice(line.length)]
}

/**
 * A comment begins at a `#` that begins a word outside of quotes. A guess, for names and warnings.
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
