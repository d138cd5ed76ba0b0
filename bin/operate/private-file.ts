import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file that only its owner may read. It is written beside its place first: a file that is
 * there is replaced whole, or stays as it is, and nobody else can ever read the new one.
 */
export async function writePrivate(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.part`
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' })
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
