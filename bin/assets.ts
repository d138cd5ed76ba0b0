import { build, type BuildOptions } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * Bundles what pages load, a script, a style and icons, into `assets` of the folder that is named.
 * A file is named by what is in it, so that browsers may keep it for ever.
 */
const [, , folder = ''] = process.argv
const sources = join(import.meta.dirname, '../lambdas/web/browser')
const assets = join(folder, 'assets')

mkdirSync(assets, { recursive: true })
await bundle('js', { entryPoints: [join(sources, 'app.ts')], format: 'esm', target: 'es2022' })
// Stays as it is written: no browser is older than what it is written for.
await bundle('css', { stdin: { contents: styles(), loader: 'css', resolveDir: sources } })
for (const icon of ['icon', 'alarm']) keep(icon, 'svg', readFileSync(join(sources, `${icon}.svg`)))

async function bundle(ending: string, options: BuildOptions): Promise<void> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'warning',
  })
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles
  keep('app', ending, contents)
}

function keep(name: string, ending: string, bytes: Uint8Array): void {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  writeFileSync(join(assets, `${name}.${hash}.${ending}`), bytes)
}

/** That of all pages, which has the order of the layers, then those of single screens. */
function styles(): string {
  const others = readdirSync(sources).filter((name) => name.endsWith('.css') && name !== 'app.css')
  return ['app.css', ...others.sort()].map((name) => `@import './${name}';`).join('\n')
}
