import { afterAll, beforeAll, expect, it } from 'vitest'
import { KnownBrowsers } from '../../../lambdas/store/people/known-browsers.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const DAY = 86_400_000

let engine: TestEngine
let browsers: KnownBrowsers

beforeAll(async () => {
  engine = await makeTables()
  browsers = new KnownBrowsers(engine.database, engine.names.Sessions)
})
afterAll(() => engine.stop())

it('knows a browser of one address, for four hundred days', async () => {
  await browsers.note('cookie', 'ana@example.com', 0)

  expect(await browsers.isOf('cookie', 'Ana@example.com', 400 * DAY - 1)).toBe(true)
  expect(await browsers.isOf('cookie', 'ana@example.com', 400 * DAY)).toBe(false)
  expect(await browsers.isOf('cookie', 'eve@example.com', 0)).toBe(false)
  expect(await browsers.isOf('another', 'ana@example.com', 0)).toBe(false)
})
