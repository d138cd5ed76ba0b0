import { access, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Message } from './queue.ts'
import { StartError } from './start-error.ts'
import type { Positions } from './stream-reader.ts'

export const keptProjectShape = z.object({
  id: z.string(),
  apiKey: z.string(),
  apiKeyReadonly: z.string(),
  pingKey: z.string(),
  email: z.string(),
})

/** A project with the keys that it was handed out with. */
export type KeptProject = z.infer<typeof keptProjectShape>

const stateShape = z.object({
  offsetMs: z.number(),
  positions: z.record(z.string(), z.record(z.string(), z.string())),
  queues: z.record(
    z.string(),
    z.array(
      z.object({
        id: z.string(),
        body: z.string(),
        attributes: z.record(
          z.string(),
          z.object({ DataType: z.string(), StringValue: z.string().exactOptional(), BinaryValue: z.string().exactOptional() }),
        ),
        sentAt: z.number(),
        visibleAt: z.number(),
        receives: z.number(),
        receipt: z.string(),
      }),
    ),
  ),
})

/** What the engine does not keep of a stack: how far its clock is ahead, how far streams are read, what waits in the queues. */
export type StackState = {
  readonly offsetMs: number
  readonly positions: Readonly<Record<string, Positions>>
  readonly queues: Readonly<Record<string, readonly Message[]>>
}

/** The folder that keeps a stack's data between runs, for its owner's eyes only. */
export class DataFolder {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** @throws StartError when the folder can't be made or written, or has something else than a stack wrote into it. */
  static async open(path: string): Promise<DataFolder> {
    const folder = new DataFolder(resolve(path))
    try {
      await mkdir(folder.#path, { recursive: true, mode: 0o700 })
      await access(folder.#path, constants.W_OK | constants.X_OK)
    } catch (error) {
      throw new StartError(`OVERDUE_DATA takes a folder that can be written, got ${folder.#path}: ${reasonOf(error)}`)
    }
    await Promise.all([folder.readProject(), folder.readState()])
    return folder
  }

  get database(): string {
    return join(this.#path, 'dynamodb.sqlite')
  }

  readProject(): Promise<KeptProject | undefined> {
    return this.#read('first-project.json', keptProjectShape)
  }

  async writeProject(project: KeptProject): Promise<void> {
    await this.#write('first-project.json', JSON.stringify(project, null, 2))
  }

  readState(): Promise<StackState | undefined> {
    return this.#read('state.json', stateShape)
  }

  async writeState(state: StackState): Promise<void> {
    await this.#write('state.json', JSON.stringify(state))
  }

  async #read<Value>(name: string, shape: z.ZodType<Value>): Promise<Value | undefined> {
    const path = join(this.#path, name)
    try {
      return shape.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw new StartError(`${path} is broken: ${reasonOf(error)}`)
    }
  }

  /** In one step, so that a reader never finds half of it. */
  async #write(name: string, text: string): Promise<void> {
    const path = join(this.#path, name)
    await writeFile(`${path}.new`, text, { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ')
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
