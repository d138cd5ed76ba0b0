import { readFileSync } from 'node:fs'

const page = new URL('../../docs/rules.md', import.meta.url)
const sections = readFileSync(page, 'utf8').split(/^## /m).slice(1)

/** The recipes of docs/rules.md, which are what its headings in quotes stand above. */
export const recipes = sections.filter((section) => section.startsWith('"')).map(titleOf)

/** What a recipe sends, with values in place of what stands there in angle brackets. */
export function recipe(title: string, values: Readonly<Record<string, string>> = {}): object {
  const section = sections.find((each) => titleOf(each) === title) ?? ''
  const block = /^ {4}\{.*?\}\n(?=\n)/ms.exec(section)?.[0] ?? ''
  return JSON.parse(block.replace(/<([^>]+)>/g, (_, name: string) => values[name] ?? '')) as object
}

function titleOf(section: string): string {
  return /^"(.*)"\n/.exec(section)?.[1] ?? ''
}
