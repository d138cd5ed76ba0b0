import type { DigestMessage, DigestSection } from '../../domain/telling/digest.ts'

/**
 * The digest for plain clients. Names stand on lines of their own, so that they can be searched for
 * and copied.
 */
export function digestTextOf({ title, summary, reason, caution, sections }: DigestMessage): string {
  const parts = [`${title}: ${summary}`, reason, caution, ...sections.map(sectionText)].filter(
    (part) => part !== '',
  )
  return `${parts.join('\n\n')}\n`
}

function sectionText({ status, heading, lines, more }: DigestSection): string {
  const listed = lines.map(({ title, note }) => `${status.padEnd(4)}  ${title}\n      ${note}`)
  return [
    `${heading} (${lines.length + more})`,
    '',
    ...listed,
    ...(more === 0 ? [] : ['', `and ${more} more`]),
  ].join('\n')
}
