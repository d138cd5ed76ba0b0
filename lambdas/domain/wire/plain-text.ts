import { stripVTControlCharacters } from 'node:util'

/**
 * Characters that reorder the text around them: with them, a name can make a line say something
 * else.
 */
const BIDI_CONTROLS = /\p{Bidi_Control}/gu

/** Code points that never are characters. Some services refuse a whole message for one. */
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu

/** Text from outside on one line: safe in a subject, harmless between other words. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(BIDI_CONTROLS, '')
    .replace(NONCHARACTERS, '\uFFFD')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/**
 * Text from outside on its own lines: colours of a terminal removed, what is not printable
 * replaced.
 */
export function block(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', '    ')
    .replace(BIDI_CONTROLS, '')
    .replace(NONCHARACTERS, '\uFFFD')
    .replace(/[^\P{Cc}\n]/gu, '\uFFFD')
    .trimEnd()
}

/** The same where UTF-16 units are counted, as many services do: an emoji has two of them. */
export function shortenedToUnits(text: string, length: number): string {
  if (text.length <= length) return text
  const whole = text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')
  return `${whole}…`
}

/** At most so many characters of one line, an ellipsis for the rest. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text)
  return characters.length <= length
    ? text
    : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`
}
