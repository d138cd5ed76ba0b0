import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { synthesize } from '../../lib/local/assembly.ts'
import { readSettings } from '../../lib/local/settings.ts'
import { type OwnStack, startOwnStack } from '../support/own-stack.ts'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
  export interface ProvidedContext {
    /** One for each file that may run at a time. */
    stacks: readonly Pick<OwnStack, 'url' | 'smtpPort'>[]
    /** Folder of the cloud assembly that they play. */
    assembly: string
  }
}

/** Starts the local stacks for all end-to-end tests, as `npm start` does, and stops them behind them. The app is synthesized once for all. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const assembly = await mkdtemp(join(tmpdir(), 'overdue-'))
  await synthesize(assembly, readSettings({}), new AbortController().signal)
  const started = await Promise.all(Array.from({ length: project.config.maxWorkers }, () => startOwnStack({ OVERDUE_ASSEMBLY: assembly })))
  project.provide(
    'stacks',
    started.map(({ url, smtpPort }) => ({ url, smtpPort })),
  )
  project.provide('assembly', assembly)
  return async () => {
    await Promise.all(started.map((stack) => stack.stop()))
    await rm(assembly, { recursive: true })
  }
}
