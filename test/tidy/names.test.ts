import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Names that several modules export, and why. */
const shared: Readonly<Record<string, string>> = {
  handler: 'Lambda calls each function by it',
  form: 'each kind of channel has one',
  kind: 'each kind of channel has one',
  makeSender: 'each kind of channel has one',
  service: 'each kind of channel that is a service has one',
}

const exported =
  /^export (?:async )?(?:type|interface|class|function\*?|const|let) (?<name>[\w$]+)/gm

describe('an exported name', () => {
  const files = ['lambdas', 'lib', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  const names = files.flatMap((file) => namesIn(file).map((name) => ({ name, file })))

  it('is seen by this test', () => {
    expect(names).toContainEqual({
      name: 'Heartbeats',
      file: 'lambdas/store/watching/heartbeats.ts',
    })
    expect(names).toContainEqual({ name: 'handler', file: 'lambdas/ping.ts' })
  })

  it('is exported by one module only', () => {
    const modules = Map.groupBy(names, ({ name }) => name)
    const repeated = [...modules].filter(
      ([name, places]) => places.length > 1 && !Object.hasOwn(shared, name),
    )

    expect(repeated.map(([name, places]) => [name, ...places.map(({ file }) => file)])).toEqual([])
  })
})

/** A function's overloads are one name. */
function namesIn(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...new Set([...text.matchAll(exported)].flatMap(({ groups }) => groups?.['name'] ?? []))]
}
