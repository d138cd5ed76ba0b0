import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assemblyOf } from '../../../../lib/local/template/assembly-cache.ts'

let root: string
let made: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overdue-test-'))
  made = 0
  const files = [
    'bin/app.ts',
    'bin/build/functions.ts',
    'bin/overdue.ts',
    'cdk.json',
    'lambdas/ping.ts',
    'lambdas/domain/watching/ping.ts',
    'lib/stack.ts',
    'lib/local/start.ts',
  ]
  for (const file of [...files, 'package-lock.json', 'tsconfig.json']) write(file, 'one')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const assembly = (settings: unknown = {}) => {
  const make = (folder: string) => {
    made += 1
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(made))
    return Promise.resolve()
  }
  return assemblyOf({ root, settings, make })
}

describe('an assembly', () => {
  it('is made once, whatever changes in the local stack', async () => {
    const first = await assembly()
    write('lib/local/start.ts', 'two')

    expect(await assembly()).toBe(first)
    expect([made, readFileSync(join(first, 'manifest.json'), 'utf8')]).toEqual([1, '1'])
  })

  it.each([
    'bin/app.ts',
    'bin/build/functions.ts',
    'bin/overdue.ts',
    'cdk.json',
    'lambdas/domain/watching/ping.ts',
    'lib/stack.ts',
    'lib/new.ts',
    'package-lock.json',
    'tsconfig.json',
  ])('is made anew when %s changes', async (file) => {
    const first = await assembly()
    write(file, 'two')

    expect(await assembly()).not.toBe(first)
  })

  it('is made anew for other settings', async () => {
    expect(await assembly({ unknownPings: 'strict' })).not.toBe(
      await assembly({ unknownPings: 'open' }),
    )
  })

  it('leaves nothing behind when it cannot be made', async () => {
    const first = await assembly()
    const failing = assemblyOf({
      root,
      settings: 'x',
      make: () => Promise.reject(new Error('no luck')),
    })

    await expect(failing).rejects.toThrow('no luck')
    expect(readdirSync(dirname(first))).toHaveLength(1)
  })

  it('serves two that make it at a time', async () => {
    const [one, other] = await Promise.all([assembly(), assembly()])

    expect(one).toBe(other)
    expect(readdirSync(dirname(one))).toHaveLength(1)
  })

  it('goes when five others were used since', async () => {
    const first = await assembly(0)
    for (const settings of [1, 2, 3, 4]) await assembly(settings)
    await assembly(0)
    for (const settings of [5, 6]) await assembly(settings)

    expect(readdirSync(dirname(first))).toHaveLength(5)
    made = 0
    await assembly(0)
    expect(made).toBe(0)
  })
})
