import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export type Import = { readonly from: string; readonly to: string }

/** The TypeScript below a folder, by paths from the root. */
export function sourceIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** What a file imports of the tree, types included. */
export function importsOf(file: string): readonly Import[] {
  return [...textOf(file).matchAll(/(?:from |import |import\()'(\.[^']+)'/g)].map(([, path]) => ({
    from: file,
    to: join(dirname(file), path ?? ''),
  }))
}
