import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** How many assemblies are kept: those that were used last. */
const MOST_KEPT = 5

/** What an assembly is made from, besides its settings. `lib/local` changes nothing in it. */
const sources = [
  'bin/app.ts',
  'bin/build',
  'bin/overdue.ts',
  'cdk.json',
  'lambdas',
  'lib',
  'package-lock.json',
  'tsconfig.json',
]
const withoutPart = ['lib/local']

export type AssemblyOrder = {
  /** Folder of the sources. The assemblies are kept in its node_modules. */
  readonly root: string
  readonly settings: unknown
  /** Makes the assembly in a folder. */
  readonly make: (folder: string) => Promise<void>
}

/** The folder of an assembly of these sources and settings, made now or at an earlier start. */
export async function assemblyOf({ root, settings, make }: AssemblyOrder): Promise<string> {
  const cache = join(root, 'node_modules/.cache/overdue')
  const folder = join(cache, await keyOf(root, settings))
  if (!(await isThere(folder))) {
    await mkdir(cache, { recursive: true })
    await makeAside(folder, make)
  }
  await utimes(folder, new Date(), new Date())
  await forgetOthers(cache)
  return folder
}

/**
 * Makes the assembly beside its place and renames it, so that nobody finds half of it. When two
 * starts make the same one, the first to finish serves both.
 */
async function makeAside(folder: string, make: AssemblyOrder['make']): Promise<void> {
  const aside = await mkdtemp(`${folder}-`)
  try {
    await make(aside)
    await rename(aside, folder)
  } catch (error) {
    await rm(aside, { recursive: true })
    if (!(await isThere(folder))) throw error
  }
}

async function keyOf(root: string, settings: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([process.version, settings]))
  const files = (await Promise.all(sources.map((source) => filesIn(root, source)))).flat().sort()
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))))
  for (const [index, file] of files.entries())
    hash.update(`\0${file}\0${contents[index]?.length}\0`).update(contents[index] ?? '')
  return hash.digest('hex').slice(0, 32)
}

async function filesIn(root: string, source: string): Promise<readonly string[]> {
  if (!(await stat(join(root, source))).isDirectory()) return [source]
  const entries = await readdir(join(root, source), { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
  return files.filter((file) => !withoutPart.some((folder) => file.startsWith(`${folder}/`)))
}

async function forgetOthers(cache: string): Promise<void> {
  const names = await readdir(cache)
  const usedAt = new Map(
    await Promise.all(
      names.map(async (name) => [name, await changedAt(join(cache, name))] as const),
    ),
  )
  const old = names
    .toSorted((one, other) => (usedAt.get(other) ?? 0) - (usedAt.get(one) ?? 0))
    .slice(MOST_KEPT)
  await Promise.all(old.map((name) => rm(join(cache, name), { recursive: true, force: true })))
}

async function isThere(path: string): Promise<boolean> {
  return (await changedAt(path)) > 0
}

/** When a path was changed; zero when nothing is there: another start may have removed it. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
