import type { Message, PingLine } from '../../domain/telling/message.ts'
import type { Fact } from '../../domain/telling/message/facts.ts'
import { shortened } from '../../domain/wire/plain-text.ts'

const WIDTH = 78
const LABEL_WIDTH = 12
const SHORTEST_USER_AGENT = 6

/** The mail for plain clients: words wrapped at 78 columns, bodies as they are. */
export function textOf(message: Message): string {
  const { title, status, summary, note, description, pings, lastBody, timeZone } = message
  const sections = [
    [...wrapped(`${title} is ${status}`, WIDTH), ...wrapped(summary, WIDTH)],
    note === '' ? [] : wrapped(note, WIDTH),
    message.link === undefined ? [] : [message.link],
    message.facts.flatMap(factLines),
    description === '' ? [] : description.split('\n').flatMap((line) => wrapped(line, WIDTH)),
    pings.length === 0 ? [] : [`Last pings (times in ${timeZone})`, '', ...pingLines(pings)],
    lastBody === undefined
      ? []
      : [...wrapped(lastBody.heading, WIDTH), '', ...quoted(lastBody.text)],
  ]
  const written = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${written.join('\n\n')}\n`
}

function factLines({ label, value }: Fact): readonly string[] {
  const lines = value.split('\n').flatMap((line) => wrapped(line, WIDTH - LABEL_WIDTH))
  const [first = '', ...rest] = lines
  return [label.padEnd(LABEL_WIDTH) + first, ...rest.map((line) => ' '.repeat(LABEL_WIDTH) + line)]
}

/**
 * Pings in columns. A ping's origin ends its line, or stands below when the address does not fit.
 * Pings by mail have no address.
 */
function pingLines(pings: readonly PingLine[]): readonly string[] {
  const heads = columns(pings.map(({ number, at, what, took }) => [`#${number}`, at, what, took]))
  return pings.flatMap(({ address, userAgent }, index) => {
    const head = heads[index] ?? ''
    const line = address === '' ? head : `${head}  ${address}`
    return line.length <= WIDTH
      ? [withUserAgent(line, userAgent)]
      : [head.trimEnd(), withUserAgent(`    ${address}`, userAgent)]
  })
}

/** As much of the user agent as fits the line, if it says anything. */
function withUserAgent(line: string, userAgent: string): string {
  const room = WIDTH - line.length - 2
  return userAgent === '' || room < SHORTEST_USER_AGENT
    ? line
    : `${line}  ${shortened(userAgent, room)}`
}

/**
 * Cells as wide as the widest of their column, two spaces between; columns without any text are
 * left out.
 */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .flatMap((cell, column) => (widths[column] === 0 ? [] : [cell.padEnd(widths[column] ?? 0)]))
      .join('  '),
  )
}

function quoted(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`.trimEnd())
}

/** Lines of words; a word longer than a line stays whole. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width || line === '') {
      line = longer
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}
