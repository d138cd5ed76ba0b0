import { build, type BuildOptions } from 'esbuild'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { functionsFolder } from '../../lib/functions-folder.ts'
import { buildAssets } from './assets.ts'
import { type BuiltFiles, writeFiles, writeFolder } from './written.ts'

const lambdas = join(import.meta.dirname, '../../lambdas')

/**
 * Bundles each function of `lambdas` into a folder of its name. That is what is deployed, packed,
 * measured, and run on a laptop. Takes two seconds; what has not changed is not written again.
 */
export async function buildFunctions(): Promise<void> {
  const names = readdirSync(lambdas)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
  // Theirs are CommonJS by their ending, unlike the files of the package.
  const scope = new Map([['package.json', Buffer.from('{"type":"commonjs"}\n')]])
  await Promise.all([
    writeFiles(functionsFolder, scope),
    ...names.map(async (name) => {
      const [code, assets] = await Promise.all([
        bundled(name),
        name === 'web' ? buildAssets() : new Map<string, Uint8Array>(),
      ])
      await writeFolder(join(functionsFolder, name), new Map([...code, ...assets]))
    }),
  ])
}

async function bundled(name: string): Promise<BuiltFiles> {
  const format = name === 'ping' ? esModule : commonJs
  const { outputFiles } = await build({
    ...bundling,
    ...format,
    write: false,
    entryPoints: [join(lambdas, `${name}.ts`)],
  })
  return new Map([
    [format.format === 'esm' ? 'index.mjs' : 'index.js', outputFiles[0]?.contents ?? empty],
  ])
}

const empty = new Uint8Array()

/** One file, from the packages' ES modules. A source map would be four times the code. */
export const bundling = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
} satisfies BuildOptions

/**
 * As CommonJS, which starts fastest on Node 24. Names are kept, so that a stack trace tells which
 * function failed, at 7 % of the size.
 */
const commonJs = { format: 'cjs', keepNames: true } satisfies BuildOptions

const ownBuiltins = join(lambdas, 'aws/builtins.ts')

/**
 * As an ES module, which may wait while it is loaded, as for a connection, with modules of Node of
 * which only what is used is loaded (docs/decisions/0017). Names of functions would take a
 * millisecond.
 */
const esModule = {
  format: 'esm',
  alias: { 'node:crypto': ownBuiltins, 'node:net': ownBuiltins },
} satisfies BuildOptions
