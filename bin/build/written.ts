import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** Contents by the path below the folder that is built. */
export type BuiltFiles = ReadonlyMap<string, Uint8Array>

/** Makes a folder hold these files and no others. */
export async function writeFolder(folder: string, files: BuiltFiles): Promise<void> {
  await writeFiles(folder, files)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const others = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(unfinished))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !files.has(relative(folder, path)))
  await Promise.all(others.map((path) => rm(path, { force: true })))
}

/**
 * Writes files into a folder. One that is as it should be is left alone, and none is ever there by
 * half: somebody else may build, or read, at the same time.
 */
export async function writeFiles(folder: string, files: BuiltFiles): Promise<void> {
  await Promise.all([...files].map(([path, bytes]) => writeBuilt(join(folder, path), bytes)))
}

const unfinished = '.part'

async function writeBuilt(path: string, bytes: Uint8Array): Promise<void> {
  const before = await readFile(path).catch(() => undefined)
  if (before?.equals(bytes) === true) return
  await mkdir(dirname(path), { recursive: true })
  const aside = `${path}.${randomUUID()}${unfinished}`
  await writeFile(aside, bytes)
  await rename(aside, path)
}
