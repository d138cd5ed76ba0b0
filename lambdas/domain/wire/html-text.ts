/** Elements whose content nobody reads. */
const UNREAD = /^(script|style)$/

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}
const LARGEST_CODE_POINT = 0x10ffff

/**
 * The words of an HTML text: tags are taken out and leave nothing behind, so that a word which is
 * marked up in part is still one word; white space becomes single blanks. Takes one look at each
 * character, whatever the text is.
 */
export function textOfHtml(html: string): string {
  const words: string[] = []
  for (let at = 0; at < html.length;) {
    const open = tagAt(html, at)
    words.push(html.slice(at, open))
    at = behindTag(html, open)
  }
  return words
    .join('')
    .replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g, characterOf)
    .replace(/\s+/g, ' ')
    .trim()
}

/** Where the next tag or comment begins, or the text ends. A `<` before anything else is text. */
function tagAt(html: string, from: number): number {
  for (let at = html.indexOf('<', from); at >= 0; at = html.indexOf('<', at + 1)) {
    if (/[a-zA-Z/!?]/.test(html.charAt(at + 1))) return at
  }
  return html.length
}

/**
 * Where the text goes on behind a tag, a comment, or an element that nobody reads. What has no end
 * takes the rest.
 */
function behindTag(html: string, open: number): number {
  if (html.startsWith('<!--', open)) return behind(html, '-->', open)
  const close = behind(html, '>', open)
  const name = /^<([a-z]+)/i.exec(html.slice(open, open + 8))?.[1]?.toLowerCase() ?? ''
  return UNREAD.test(name) ? behindElement(html, name, close) : close
}

function behindElement(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}`, 'gi')
  end.lastIndex = from
  const found = end.exec(html)
  return found === null ? html.length : behind(html, '>', found.index)
}

function behind(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from)
  return at < 0 ? html.length : at + mark.length
}

function characterOf(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name] ?? entity
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code <= LARGEST_CODE_POINT ? String.fromCodePoint(code) : entity
}
