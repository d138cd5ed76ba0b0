import type { BuildOptions } from 'esbuild'

/**
 * How functions are bundled to be shipped (`lib/handler.ts`), and what they are measured against.
 */
export const bundling = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
} satisfies BuildOptions
