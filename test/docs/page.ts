import { readFileSync } from 'node:fs'

export type CodeBlock = { readonly language: string; readonly text: string }

/** The fenced blocks of one section of a page, in order. @throws where there is no such section */
export function blocksIn(page: string, heading: string): readonly CodeBlock[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const section = text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`${page} has no section ${heading}`)
  return [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    text: code,
  }))
}

/** The only block of a language in a section, or the one with a name in its first line. */
export function blockIn(
  page: string,
  heading: string,
  { language, named = '' }: { readonly language: string; readonly named?: string },
): string {
  const found = blocksIn(page, heading).filter(
    (block) => block.language === language && block.text.split('\n', 1)[0]?.includes(named),
  )
  const [block, ...others] = found
  if (block === undefined || others.length > 0)
    throw new Error(`${page} has ${found.length} blocks ${language} ${named} in ${heading}`)
  return block.text
}
