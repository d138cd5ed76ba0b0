const LONGEST_NAME = 90
const CURL = 'curl -fsS -m 10 --retry 5 -o /dev/null'

/** What a job is called: its command without folders, input for it, redirections and comment. */
export function nameOf(command: string): string {
  const [line] = splitInput(command)
  const [words] = splitComment(line)
  const plain = words
    .replace(/^\s*cd\s+\S+\s*(&&|;)\s*/, '')
    .replace(/\s*\d?(>>|>&|&>|>|<)\s*\S+/g, '')
    .replace(/^\/\S*\/(?=\S)/, '')
    .replace(/[;&\s]+$/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return Array.from(plain === '' ? line.trim() : plain)
    .slice(0, LONGEST_NAME)
    .join('')
}

/**
 * The command with a ping behind it that tells its exit status, so that a failure is told as well as an absence. The ping goes before
 * a comment of the shell and before cron's `%`, behind which the command's input begins. What may leave the shell runs in one of its own.
 * Undefined for a command that goes to the background: its exit status is not to be had.
 */
export function withPing(command: string, pingUrl: string): string | undefined {
  const [line, input] = splitInput(command)
  const [words, comment] = splitComment(line)
  const own = words.trimEnd().replace(/(?<!;)\s*;$/, '')
  if (/(?<![&\\>])&$/.test(own)) return undefined
  const alone = /(^|[\s;&|({])(exec|exit)(?=[\s;)]|$)/.test(own) ? `( ${own} )` : own
  return `${alone}; ${CURL} ${pingUrl}/$?${comment === '' ? '' : ` ${comment}`}${input}`
}

/** Cron hands what follows the first `%` without a backslash to the command as its input. */
function splitInput(command: string): readonly [line: string, input: string] {
  const at = /(?<!\\)%/.exec(command)?.index ?? command.length
  return [command.slice(0, at), command.slice(at)]
}

/** A comment begins at a `#` that begins a word outside of quotes. */
function splitComment(line: string): readonly [words: string, comment: string] {
  let quote = ''
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (character === '\\' && quote !== "'") at += 1
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '#' && (at === 0 || /[\s;&|()]/.test(line.charAt(at - 1)))) return [line.slice(0, at), line.slice(at)]
  }
  return [line, '']
}
