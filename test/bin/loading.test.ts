import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** Which files are loaded before `load` is, by what stands in the entry and what it imports. */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outdir: '/nowhere',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const first = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry)
  const names = new Set([first?.[0] ?? expect.unreachable()])
  for (const name of names)
    for (const { path, kind, external } of metafile.outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) names.add(path)
  return [...names].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}))
}

describe('the command, before it knows which part of it is called,', () => {
  it('has loaded nothing but its own few modules and the library for commands', async () => {
    const loaded = await loadedBy('bin/operate.ts')

    expect(loaded).toContain('bin/operate/declared.ts')
    expect(loaded.filter((file) => !isCheap(file))).toEqual([])
  })
})

function isCheap(file: string): boolean {
  return /^(bin\/operate|node_modules\/commander\/|package\.json$)/.test(file)
}
