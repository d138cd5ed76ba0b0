import { build } from 'esbuild'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundling } from '../bundling.ts'

/** The sweep as it is shipped, for as long as some work takes. */
export async function withBundle<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'overdue-bench-'))
  const outfile = join(folder, 'sweep.cjs')
  try {
    await build({
      entryPoints: [join(import.meta.dirname, '../../lambdas/sweep.ts')],
      outfile,
      ...bundling,
      keepNames: true,
    })
    return await work(outfile)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
