import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 30_000, hookTimeout: 60_000 }

/**
 * `unit` needs nothing but Node, `integration` a DynamoDB engine and the synthesized template, `e2e` the whole local stack.
 * The stack's one clock is shared by all that drive it, so e2e files run one after another.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/{domain,runtime,channels,tidy}/**/*.test.ts'] } },
      { test: { ...shared, name: 'integration', include: ['test/{store,handlers,lib,api,bin}/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/global-setup.ts',
          fileParallelism: false,
        },
      },
    ],
  },
})
