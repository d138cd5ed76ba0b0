import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const WIDTH = 100

/** Prettier sees to the lines of code, and leaves strings whole. */
const comment = /^\s*(\/\/|\/\*|\*)/

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
}

function longLines(file: string, isMeant: (line: string) => boolean): readonly string[] {
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((line) => line.length > WIDTH && isMeant(line) && !line.includes('https://'))
    .map((line) => `${file}: ${line}`)
}

describe('lines of 100 characters', () => {
  const code = ['lambdas', 'lib', 'bin', 'bench', 'test'].flatMap((name) => filesIn(name, '.ts'))

  it('hold the comments', () => {
    expect(code).toContain('lambdas/ping.ts')
    expect(code.flatMap((file) => longLines(file, (line) => comment.test(line)))).toEqual([])
  })

  it('hold the documents, but for tables and commands', () => {
    const documents = ['README.md', ...filesIn('docs', '.md')]
    const isProse = (line: string) => !/^(\s*\||\s{4}|\s.*[─▶│┘])/.test(line)

    expect(documents).toContain('docs/architecture.md')
    expect(documents.flatMap((file) => longLines(file, isProse))).toEqual([])
  })
})
