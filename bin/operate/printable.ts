/**
 * Characters that a terminal obeys, or that reorder text: escapes and the like, and marks of
 * direction.
 */
const OBEYED = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu

/** Text for a terminal: names come from servers and people, who may mean harm. */
export function printable(text: string): string {
  return text.replace(OBEYED, '\uFFFD')
}

/** JSON that is safe on a terminal, and still says the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
