import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWindows } from '../../../lambdas/domain/watching/window.ts'
import { Windows } from '../../../lambdas/store/registry/windows.ts'
import { aWindow } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let windows: Windows

beforeAll(async () => {
  engine = await makeTables()
  windows = new Windows(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

describe('Windows', () => {
  it('are none at first, and read as they were written', async () => {
    const schedule = { kind: 'cron', expression: '0 2 * * 0' } as const
    const again = { kind: 'recurring', schedule, timeZone: 'Europe/Riga' } as const
    const written = { revision: 1, windows: [aWindow(), aWindow({ number: 1, times: again })] }

    expect(await windows.of('one')).toEqual(noWindows)
    expect(await windows.replace('one', written)).toBe('written')
    expect(await windows.of('one')).toEqual(written)
    expect(await windows.of('two')).toEqual(noWindows)
  })

  it('are written by one of two at a time, the first time as well', async () => {
    for (const revision of [1, 2]) {
      const outcomes = [
        await windows.replace('contended', { revision, windows: [aWindow()] }),
        await windows.replace('contended', { revision, windows: [] }),
      ]

      expect(outcomes).toEqual(['written', 'changed'])
    }
    expect(await windows.of('contended')).toEqual({ revision: 2, windows: [aWindow()] })
  })
})
