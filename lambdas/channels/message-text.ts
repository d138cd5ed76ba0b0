import type { Message } from '../domain/telling/message.ts'

/** How a medium spells text, so that nothing in it is taken for markup or a mention. */
export type Markup = {
  readonly escaped: (text: string) => string
  /** Of text that is escaped. */
  readonly strong: (escaped: string) => string
  /** Text of several lines as it stands; it is not escaped before. */
  readonly quoted: (text: string) => string
}

export const plain: Markup = {
  escaped: (text) => text,
  strong: (text) => text,
  quoted: (text) => text,
}

/** What shows at a glance how things are. */
export const marks: Readonly<Record<Message['status'], string>> = {
  DOWN: '🔴',
  'STILL DOWN': '🔴',
  UP: '🟢',
}

/** For what has a colour beside it. */
export const colours: Readonly<Record<Message['status'], string>> = {
  DOWN: '#d92626',
  'STILL DOWN': '#d92626',
  UP: '#2c9f45',
}

/** The status and the name on one line. */
export function headlineIn({ escaped, strong }: Markup, message: Message): string {
  return strong(escaped(`${marks[message.status]} ${message.subject}`))
}

/** All that an alert says under its headline: paragraphs with an empty line between. */
export function detailsIn(markup: Markup, message: Message): string {
  const { escaped, strong, quoted } = markup
  const { summary, note, facts, description, lastBody } = message
  const paragraphs = [
    escaped(summary),
    escaped(note),
    facts.map(({ label, value }) => `${strong(escaped(label))}: ${escaped(value)}`).join('\n'),
    escaped(description),
    lastBody === undefined ? '' : `${strong(escaped(lastBody.heading))}\n${quoted(lastBody.text)}`,
  ]
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')
}

/** The whole message as one text. */
export function messageIn(markup: Markup, message: Message): string {
  return `${headlineIn(markup, message)}\n\n${detailsIn(markup, message)}`
}

/** Puts the link under a text, for what makes a link of each address. */
export function withLink(text: string, { link }: Message): string {
  return link === undefined ? text : `${text}\n\n${link}`
}

/** What a link is called where it has a name. */
export const LINK_WORDS = 'Open the check'

/** Text that keeps its indentation where runs of spaces are shown as one. */
export function indented(text: string): string {
  return text.replace(/^ | (?= )/gm, '\u00a0')
}
