import { build, type BuildOptions } from 'esbuild'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuiltFiles } from './written.ts'

const sources = join(import.meta.dirname, '../../lambdas/web/browser')

/**
 * What pages load: a script, a style and icons. A file is named by what is in it, so that browsers
 * may keep it for ever.
 */
export async function buildAssets(): Promise<BuiltFiles> {
  const script = bundled({
    entryPoints: [join(sources, 'app.ts')],
    format: 'esm',
    target: 'es2022',
  })
  // Stays as it is written: no browser is older than what it is written for.
  const style = bundled({
    stdin: { contents: styles(), loader: 'css', resolveDir: sources },
  })
  return new Map([
    named('app', 'js', await script),
    named('app', 'css', await style),
    ...['icon', 'alarm'].map((icon) =>
      named(icon, 'svg', readFileSync(join(sources, `${icon}.svg`))),
    ),
  ])
}

async function bundled(options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

function named(name: string, ending: string, bytes: Uint8Array): [string, Uint8Array] {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  return [`assets/${name}.${hash}.${ending}`, bytes]
}

/** That of all pages, which has the order of the layers, then those of single screens. */
function styles(): string {
  const others = readdirSync(sources).filter((name) => name.endsWith('.css') && name !== 'app.css')
  return ['app.css', ...others.sort()].map((name) => `@import './${name}';`).join('\n')
}
