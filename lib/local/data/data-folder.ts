import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { EngineKind } from '../engine/engine-kind.ts'
import { KeptFile } from './kept-file.ts'
import { KeptState } from './kept-state.ts'
import { StartError } from '../start-error.ts'

export const keptProjectShape = z.object({
  id: z.string(),
  apiKey: z.string(),
  apiKeyReadonly: z.string(),
  pingKey: z.string(),
  email: z.string(),
})

/** A project and its keys in clear. */
export type KeptProject = z.infer<typeof keptProjectShape>

const stateFile = 'stack.sqlite'
const projectFile = 'first-project.json'
const databaseFile = 'dynamodb.sqlite'

/** The note that a first start leaves when all is in place. Before that the folder begins anew. */
const completeNote = 'complete'
const engineNote = 'engine'

/**
 * The folder that keeps a stack's data between runs. Only its owner can read it, and only one stack
 * at a time can open it.
 */
export class DataFolder {
  readonly state: KeptState
  readonly file: KeptFile
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
    this.file = KeptFile.open(join(path, stateFile))
    this.state = new KeptState(this.file)
  }

  /**
   * @throws StartError when the folder can't be made or written, when another stack has it open, or
   * when its content is incomplete, another engine's, or no stack's
   */
  static async open(given: string, engine: EngineKind): Promise<DataFolder> {
    const path = resolve(given)
    const found = await filesIn(path)
    if (!found.includes(stateFile))
      complainOfMissing(path, stateFile, [projectFile, databaseFile], found)
    const folder = new DataFolder(path)
    try {
      await folder.#check(found, engine)
      return folder
    } catch (error) {
      folder.close()
      throw error
    }
  }

  get database(): string {
    return join(this.#path, databaseFile)
  }

  close(): void {
    this.file.close()
  }

  async readProject(): Promise<KeptProject | undefined> {
    if (this.state.note(completeNote) === undefined) return undefined
    const path = join(this.#path, projectFile)
    try {
      return keptProjectShape.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      throw new StartError(`${path} is broken: ${reasonOf(error)}`)
    }
  }

  /** Completes the folder: this is the last step of a first start. */
  async writeProject(project: KeptProject): Promise<void> {
    const path = join(this.#path, projectFile)
    // Renamed when it is whole, so that a reader never finds half of it.
    await writeFile(`${path}.new`, JSON.stringify(project, null, 2), { mode: 0o600 })
    await rename(`${path}.new`, path)
    this.state.keepNote(completeNote, 'yes')
  }

  async #check(found: readonly string[], engine: EngineKind): Promise<void> {
    if (this.state.note(completeNote) === undefined) {
      await this.#beginAgain(found)
      this.state.keepNote(engineNote, engine)
      return
    }
    const writer = this.state.note(engineNote)
    if (writer !== engine)
      throw new StartError(
        `${this.#path} was written by the engine ${writer}, not ${engine}; give another folder`,
      )
    for (const file of [projectFile, ...(engine === 'binary' ? [databaseFile] : [])])
      if (!found.includes(file)) complainOfMissing(this.#path, file, [stateFile], found)
    await this.readProject()
  }

  /** Removes what an interrupted first start has left. */
  async #beginAgain(found: readonly string[]): Promise<void> {
    const left = found.filter(
      (file) => file.startsWith(databaseFile) || file.startsWith(projectFile),
    )
    await Promise.all(left.map((file) => rm(join(this.#path, file))))
    this.file.clear()
  }
}

async function filesIn(path: string): Promise<readonly string[]> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK | constants.X_OK)
    return await readdir(path)
  } catch (error) {
    throw new StartError(
      `OVERDUE_DATA takes a folder that can be written, got ${path}: ${reasonOf(error)}`,
    )
  }
}

function complainOfMissing(
  path: string,
  file: string,
  beside: readonly string[],
  found: readonly string[],
): void {
  const other = beside.find((each) => found.includes(each))
  if (other !== undefined)
    throw new StartError(
      `${join(path, file)} is missing, but ${other} is there; put it back, or give another folder`,
    )
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues
      .map(({ path, message }) => [...path.map(String), message].join(': '))
      .join('; ')
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
