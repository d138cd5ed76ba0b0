import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What waits for somebody else: a client of the SDK as it is made, and a fetch. */
const calls = /new \w+Client\([^;]*?\)\n|await fetch\([^;]*?\)\n/g
const bounds = /boundedCalls|\.\.\.bounded|settings\)|AbortSignal\.timeout/

describe('whatever is called by functions and by the command', () => {
  const files = ['lambdas', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  )
  const found = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(calls)].map(([call]) => ({ file, call })),
    )

  it('is seen by this test', () => {
    expect(found.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['lambdas/store/inbox.ts', 'bin/operate/target.ts']),
    )
  })

  it('has a bound', () => {
    expect(found.filter(({ call }) => !bounds.test(call))).toEqual([])
  })
})
