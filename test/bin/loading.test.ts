import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** The files that are loaded with an entry, because it or what it imports says so at its top. */
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

  it('that runs a command, has loaded little more', async () => {
    const loaded = await loadedBy('bin/operate/run/commands.ts')

    expect(loaded).toContain('bin/operate/run/watched-run.ts')
    expect(loaded.filter((file) => !isCheap(file) && !isOfRun(file))).toEqual([])
  })
})

/** Small modules that need nothing. */
function isOfRun(file: string): boolean {
  return /^lambdas\/(domain\/wire\/(uuid|duration-text)|runtime\/(clock|random|within|log))\.ts$/.test(
    file,
  )
}

function isCheap(file: string): boolean {
  return /^(bin\/operate|node_modules\/commander\/|package\.json$)/.test(file)
}
