import type { TestProject } from 'vitest/node'
import { hasBrowser } from '../../support/browser.ts'
import { setUpStacks } from '../global-setup.ts'

/** The stacks of all end-to-end tests, or one line that says why there are none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (hasBrowser) return setUpStacks(project)
  process.stdout.write('chromium is not installed: the pages are not tried in a browser\n')
  // Files of tests that are left out are loaded all the same, and look for theirs.
  const none = { url: 'http://127.0.0.1:9', smtpPort: 9, logFile: '' }
  project.provide(
    'stacks',
    Array.from({ length: project.config.maxWorkers }, () => none),
  )
  return () => Promise.resolve()
}
