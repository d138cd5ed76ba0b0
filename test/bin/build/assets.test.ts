import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAssets } from '../../../bin/build/assets.ts'
import { writeFolder } from '../../../bin/build/written.ts'
import { readAssets } from '../../../lambdas/web/assets.ts'

describe('what pages load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assets-'))

  beforeAll(async () => writeFolder(folder, await buildAssets()))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('is a script, a style and two icons, each named by what is in it', () => {
    const names = readdirSync(join(folder, 'assets'))

    expect(names.map((name) => name.split('.').at(-1)).sort()).toEqual(['css', 'js', 'svg', 'svg'])
    for (const name of names) expect(name).toMatch(/^\w+\.[0-9a-f]{12}\.(css|js|svg)$/)
  })

  it('is found by the function that it lies beside', () => {
    const { script, style } = readAssets(folder)

    expect(script.path).toMatch(/^\/app\/assets\/app\.[0-9a-f]{12}\.js$/)
    expect(script.body).toContain('data-live')
    expect(style.body).toContain('@layer')
  })

  it.each([
    ['script', 8000],
    ['style', 6000],
  ] as const)('is small: the %s', (name, mostBytes) => {
    const { body } = readAssets(folder)[name]

    expect(gzipSync(body).length).toBeLessThanOrEqual(mostBytes)
  })

  it('needs nothing from elsewhere, and evaluates no text', () => {
    const files = readdirSync(join(folder, 'assets')).map((name) =>
      readFileSync(join(folder, 'assets', name), 'utf8'),
    )

    // The name of SVG is an address by its looks.
    for (const text of files.map((each) => each.replace('http://www.w3.org/2000/svg', '')))
      expect(text).not.toMatch(/https?:|\beval\(|new Function|url\(/)
  })
})
