import { describe, expect, it } from 'vitest'
import { importsOf, sourceIn } from './source.ts'

describe('imports', () => {
  const files = ['lambdas', 'lib', 'bin', 'bench', 'test'].flatMap(sourceIn)
  const imports = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]))

  it('are seen by this test', () => {
    expect(imports.get('lambdas/ping.ts')).toContain('lambdas/ping/request.ts')
  })

  it('make no circle, types included', () => {
    expect(circlesIn(imports)).toEqual([])
  })
})

describe('circlesIn', () => {
  it('names a circle, however long, and no more than that', () => {
    const imports = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['b', 'd']],
      ['d', []],
    ])

    expect(circlesIn(imports)).toEqual(['b → c → b'])
  })
})

/** A circle for each import that closes one, found by a walk along all imports. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file)
    if (start >= 0) circles.push([...way.slice(start), file].join(' → '))
    if (start >= 0 || done.has(file)) return
    for (const next of imports.get(file) ?? []) walk(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) walk(file, [])
  return circles
}
