import type { TestProject } from 'vitest/node'
import { synthesized } from '../../lib/local/template/assembly.ts'
import { readLocalSettings } from '../../lib/local/settings.ts'
import { hasBrowser } from '../support/browser.ts'
import { type OwnStack, startOwnStack } from '../support/own-stack.ts'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  export interface ProvidedContext {
    /** One for each file that may run at a time. */
    stacks: readonly Pick<OwnStack, 'url' | 'smtpPort' | 'logFile'>[]
  }
}

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  process.stdout.write(
    hasBrowser
      ? 'the pages are tried in Chromium by npm run test:web\n'
      : 'chromium is not installed: the pages are not tried in a browser\n',
  )
  return setUpStacks(project)
}

/**
 * Starts the local stacks for all end-to-end tests, as `npm start` does, and stops them behind
 * them. The app is synthesized once for all.
 */
export async function setUpStacks(project: TestProject): Promise<() => Promise<void>> {
  await synthesized(readLocalSettings({}))
  const started = await Promise.all(
    Array.from({ length: project.config.maxWorkers }, () => startOwnStack({})),
  )
  project.provide(
    'stacks',
    started.map(({ url, smtpPort, logFile }) => ({ url, smtpPort, logFile })),
  )
  return async () => {
    await Promise.all(started.map((stack) => stack.stop()))
  }
}
