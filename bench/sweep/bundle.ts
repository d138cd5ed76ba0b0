import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shipped } from '../shipped.ts'

/** The sweep as it is shipped, for as long as some work takes. */
export async function withBundle<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'overdue-bench-'))
  try {
    return await work(await shipped(folder, 'Sweeping/Sweep'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
