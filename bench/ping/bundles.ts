import { build, type BuildOptions } from 'esbuild'
import { join } from 'node:path'
import { z } from 'zod'
import { readTemplate, synthesize } from '../../lib/local/assembly.ts'
import { readSettings } from '../../lib/local/settings.ts'
import { bundling } from '../bundling.ts'

/** Files to load: the ping function as it is shipped, the same write through the SDK, the same write by hand, and what loads them. */
export type Bundles = { readonly ping: string; readonly sdk: string; readonly raw: string; readonly instance: string }

export async function makeBundles(folder: string): Promise<Bundles> {
  const ping = await shipped(join(folder, 'assembly'))
  const [sdk, raw, instance] = await Promise.all([
    bundled(folder, 'sdk-update'),
    bundled(folder, 'raw-update'),
    bundled(folder, 'instance', { format: 'esm' }),
  ])
  return { ping, sdk, raw, instance }
}

/** As `cdk deploy` would ship it. */
async function shipped(folder: string): Promise<string> {
  await synthesize(folder, readSettings({}), new AbortController().signal)
  const { Resources } = await readTemplate(folder)
  const found = Object.values(Resources).find(({ Metadata }) => String(Metadata['aws:cdk:path']).endsWith('/Pinging/Ping/Resource'))
  const { Code } = z.object({ Code: z.object({ S3Key: z.string() }) }).parse(found?.Properties)
  return join(folder, `asset.${Code.S3Key.replace(/\.zip$/, '')}`, 'index.mjs')
}

/** In the way that is quickest to load. */
async function bundled(folder: string, name: string, options: BuildOptions = {}): Promise<string> {
  const outfile = join(folder, `${name}.${options.format === 'esm' ? 'mjs' : 'js'}`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    ...bundling,
    ...options,
  })
  return outfile
}
