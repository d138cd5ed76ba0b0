import type { Markup } from './message-text.ts'

/** Markdown, as far as chats agree on it. A link that stands by itself stays a link. */
export const markdown: Markup = {
  escaped: (text) =>
    text
      .split(link)
      .map((part, index) => (index % 2 === 0 ? shownAsItIs(part) : part))
      .join(''),
  strong: (escaped) => `**${escaped}**`,
  quoted: (text) => `\`\`\`\n${text.replaceAll('``', `\`${GAP}\``)}\n\`\`\``,
}

/** In a group, so that `split` keeps it. Without what could mention somebody or end a link. */
const link = /(?<!\S)(https?:\/\/[\w.~:/?#&=%+-]+)(?!\S)/

/** Zero wide. What begins with a character and a gap is not what it would be without. */
const GAP = '\u200b'

/** Mentions, references, tags, character references, emojis, links and underlined headings. */
const beginnings = /[@#~&<](?=\S)|:(?=[\w+-]+:|\/\/)|=(?==)/g
const marks = /[\\`*_[\]|~>]/g
/** Lists and headings. */
const marksOfLines = /^( *\d*)([-+#.)])/gm

/** A gap helps where a backslash does not: chats look for mentions in what they have unescaped. */
function shownAsItIs(text: string): string {
  return text.replace(beginnings, `$&${GAP}`).replace(marks, '\\$&').replace(marksOfLines, '$1\\$2')
}
