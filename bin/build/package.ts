import { build, type BuildOptions } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import packageJson from '../../package.json' with { type: 'json' }
import { type BuiltFiles, writeFiles, writeFolder } from './written.ts'

const root = join(import.meta.dirname, '../..')
const dist = join(root, 'dist')

/** Where parts of the command lie that are loaded when they are called. */
const PARTS = 'command/'

/**
 * Bundles what the package has besides the functions: the command, the construct with its types,
 * and the CDK app.
 */
export async function buildPackage(): Promise<void> {
  const parts = await Promise.all([
    bundled({ entryPoints: { operate: join(root, 'bin/operate.ts'), secret }, ...asModules }),
    bundled({ entryPoints: { run: join(root, 'bin/run.ts') }, ...asModule }),
    bundled({ entryPoints: { constructs: join(root, 'lib/constructs.ts') }, ...asCommonJs }),
    bundled({ entryPoints: { app: join(root, 'bin/app.ts') }, ...asCommonJs }),
    declarations(),
  ])
  const all = parts.flatMap((files) => [...files])
  const isPart = ([path]: (typeof all)[number]) => path.startsWith(PARTS)
  // Each is named by what is in it, so that those of an earlier build would be packed as well.
  const ofCommand = all
    .filter(isPart)
    .map(([path, bytes]) => [path.slice(PARTS.length), bytes] as const)
  await writeFolder(join(dist, PARTS), new Map(ofCommand))
  await writeFiles(dist, new Map(all.filter((each) => !isPart(each))))
}

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  outdir: dist,
  write: false,
  logLevel: 'warning',
  // Who deploys brings them along: two copies in one app would not know each other's constructs.
  external: ['aws-cdk-lib', 'constructs'],
  inject: [join(import.meta.dirname, 'node-20.ts')],
} satisfies BuildOptions

/** Some packages inside are CommonJS and ask for modules. */
const module = {
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
} satisfies BuildOptions

/** A command loads its own part only. */
const asModules = {
  ...module,
  splitting: true,
  chunkNames: `${PARTS}[name]-[hash]`,
} satisfies BuildOptions

/** What only a secret needs is larger than all the rest, and stays a part of its own. */
const secret = join(root, 'bin/operate/run/secret.ts')

const asModule = {
  ...module,
  plugins: [
    {
      name: 'secret apart',
      setup: (build) =>
        build.onResolve({ filter: /\/secret\.ts$/ }, () => ({
          path: './secret.js',
          external: true,
        })),
    },
  ],
} satisfies BuildOptions

const { 'aws-cdk-lib': cdk, constructs } = packageJson.devDependencies

const missingCdk = `overdue/constructs needs the CDK, which is missing; this brings it: npm install aws-cdk-lib@${cdk} constructs@${constructs}`

/** What an app loads with either of `import` and `require`. */
const asCommonJs = {
  format: 'cjs',
  banner: {
    js: `try { require.resolve('aws-cdk-lib'); require.resolve('constructs') } catch { throw new Error('${missingCdk}') }`,
  },
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
} satisfies BuildOptions

async function bundled(options: BuildOptions): Promise<BuiltFiles> {
  const { outputFiles } = await build({ ...shared, ...options, write: false })
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(dist.length + 1), contents]))
}

/** Of the files that the construct's users see; each says its types by itself. */
async function declarations(): Promise<BuiltFiles> {
  const files = ['constructs', 'overdue', 'props']
  return new Map(
    await Promise.all(
      files.map(async (name) => {
        const source = await readFile(join(root, `lib/${name}.ts`), 'utf8')
        const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, {
          fileName: `${name}.ts`,
          compilerOptions: { isolatedDeclarations: true, declaration: true },
          reportDiagnostics: true,
        })
        for (const { messageText } of diagnostics)
          throw new Error(`lib/${name}.ts: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
        const text = outputText.replaceAll(/'\.\/(\w+)\.ts'/g, "'./$1.cjs'")
        return [`${name}.d.cts`, Buffer.from(text)] as const
      }),
    ),
  )
}
