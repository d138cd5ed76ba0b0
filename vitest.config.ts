import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { environment as env } from './test/support/environment.ts'

/**
 * Files of a project share the modules that they import: loading the CDK and the SDK anew for each
 * took a third of the whole run.
 */
const shared = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  isolate: false,
  unstubEnvs: true,
  restoreMocks: true,
  env,
}

/** Some thousand commands in real shells, beside `npm test`. */
const inShells = 'test/bin/import/pinged-jobs.test.ts'

/** The template names the functions' bundles by what is in them. */
const built = 'test/support/global-setup.ts'

/** What takes long and finds little on most days, beside `npm test`. */
const long = [
  'test/bin/apply/round-trip.test.ts',
  'test/bin/backup/backup.test.ts',
  'test/channels/services.test.ts',
  'test/lib/rules.test.ts',
  'test/simulation/{seeds,seeded-bugs}.test.ts',
]

const longestFirst: readonly string[] = ['web', 'simulation', 'e2e', 'integration', 'model', 'unit']

/** Days pass in it, which take ten times as long beside the checks of other files. */
const onAnEmptyStack = 'test/e2e/redrive.test.ts'

/**
 * Begins with the projects whose files take longest, so that no worker is left alone with one of
 * them at the end.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) =>
      longestFirst.indexOf(project.name) - (moduleId.endsWith(onAnEmptyStack) ? 0.5 : 0)
    return (await super.sort(files)).sort((one, other) => place(one) - place(other))
  }
}

/**
 * `unit` needs nothing but Node, `model` runs the tests of the stores on the model of DynamoDB in
 * memory, `integration` the same and more on a DynamoDB engine and the synthesized template, `e2e`
 * the whole local stack, and `web` its pages in Chromium. A stack's one clock is shared by all that
 * drive it, so there is one stack for each worker.
 */
export default defineConfig({
  test: {
    silent: 'passed-only',
    // One less than there are processors is what vitest takes, which leaves one of two idle.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/{domain,runtime,channels,aws,mirror,tidy,bench}/**/*.test.ts'],
          exclude: ['test/aws/database.test.ts', ...long],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          globalSetup: built,
          include: [
            'test/{store,handlers,lib,api,web,managing,bin,docs}/**/*.test.ts',
            'test/aws/database.test.ts',
          ],
          exclude: [inShells, ...long],
        },
      },
      { test: { ...shared, isolate: true, name: 'long', globalSetup: built, include: long } },
      { test: { ...shared, name: 'shells', include: [inShells] } },
      {
        test: {
          ...shared,
          testTimeout: 180_000,
          name: 'source',
          globalSetup: 'test/source/global-setup.ts',
          include: ['test/source/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          name: 'package',
          include: ['test/package/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          env: { ...env, ENGINE: 'model' },
          name: 'model',
          include: ['test/store/**/*.test.ts'],
          exclude: ['test/store/model.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'simulation',
          globalSetup: built,
          include: ['test/simulation/**/*.test.ts'],
          exclude: long,
        },
      },
      {
        test: {
          ...shared,
          // Days pass in some of them, and machines are shared.
          testTimeout: 180_000,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/web/**'],
          globalSetup: 'test/e2e/global-setup.ts',
          setupFiles: 'test/e2e/setup.ts',
        },
      },
      {
        test: {
          ...shared,
          // A page that is slow to show something, on a machine that is shared, shows it still.
          expect: { poll: { timeout: 20_000 } },
          name: 'web',
          include: ['test/e2e/web/**/*.test.ts'],
          globalSetup: 'test/e2e/web/global-setup.ts',
        },
      },
    ],
  },
})
