import { build, type BuildOptions } from 'esbuild'
import { join } from 'node:path'
import { bundling } from '../../bin/build/functions.ts'
import { shipped } from '../shipped.ts'

/**
 * Files to load: the ping function and the pages as they are shipped, the write of a ping through
 * the SDK, the same by hand, and what loads them.
 */
export type Bundles = {
  readonly ping: string
  readonly web: string
  readonly sdk: string
  readonly raw: string
  readonly instance: string
}

export async function makeBundles(folder: string): Promise<Bundles> {
  const [ping, web] = [await shipped('ping'), await shipped('web')]
  const [sdk, raw, instance] = await Promise.all([
    bundled(folder, 'sdk-update'),
    bundled(folder, 'raw-update'),
    bundled(folder, 'instance', { format: 'esm' }),
  ])
  return { ping, web, sdk, raw, instance }
}

/** In the way that is quickest to load. */
async function bundled(folder: string, name: string, options: BuildOptions = {}): Promise<string> {
  const outfile = join(folder, `${name}.${options.format === 'esm' ? 'mjs' : 'js'}`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    ...bundling,
    format: 'cjs',
    ...options,
  })
  return outfile
}
