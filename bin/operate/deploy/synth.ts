import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Zippable, zipSync } from 'fflate'
import { DEFAULT_NAME } from '../../../lib/settings.ts'
import { CommandFailure } from '../answering.ts'
import type { Terminal } from '../command-answer.ts'
import { type GivenSettings, needParts, synthesizeInto } from './cdk.ts'

export type Synthesizing = {
  /** Folder that gets the whole assembly; without it, the template is printed. */
  readonly out: string | undefined
  readonly terminal: Terminal
}

/** @throws CommandFailure when the CDK is missing, the folder is in use, or the app fails. */
export async function synthesizeStack(
  given: GivenSettings,
  { out, terminal }: Synthesizing,
): Promise<void> {
  needParts(['aws-cdk-lib', 'constructs'])
  if (out === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'overdue-'))
    try {
      await synthesizeInto(folder, given)
      const template = await readFile(join(folder, templateOf(given)), 'utf8')
      terminal.answer(template.trimEnd())
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    return
  }
  await mkdir(out, { recursive: true })
  const before = await readdir(out)
  if (before.length > 0 && !before.includes('cdk.out'))
    throw new CommandFailure(
      `${out} has files that are no assembly; --out takes a folder that is empty or not there`,
    )
  await Promise.all(before.map((name) => rm(join(out, name), { recursive: true })))
  await synthesizeInto(out, given)
  const archives = await packFunctions(out)
  terminal.answer(
    `${join(out, templateOf(given))}: the template\n${archives} archives of functions beside it, by the names that it has for them`,
  )
}

function templateOf({ name }: GivenSettings): string {
  return `${name ?? DEFAULT_NAME}.template.json`
}

/** Packs each function as the CDK would upload it. @returns how many there are */
async function packFunctions(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('asset.'))
  for (const name of names) {
    const archive = zipSync(await contentsOf(join(folder, name)), { mtime: longAgo })
    await writeFile(join(folder, `${name.slice('asset.'.length)}.zip`), archive)
  }
  return names.length
}

/** One for all, so that equal contents make equal archives: the first that the format knows. */
const longAgo = new Date(1980, 0, 1)

async function contentsOf(folder: string): Promise<Zippable> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [relative(folder, file), await readFile(file)] as const),
    ),
  )
}
