import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

/** A child process that answers each message with one of its own. */
export class Child {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts a module, by its path in this folder, and waits for its first message. */
  static async start(
    module: string,
    options: {
      readonly args?: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly execArgv?: readonly string[]
    } = {},
  ): Promise<readonly [Child, unknown]> {
    const { args = [], env = {}, execArgv = [] } = options
    const child = new Child(
      fork(join(import.meta.dirname, module), args, {
        env: { PATH: process.env['PATH'], ...env },
        execArgv: [...execArgv],
      }),
    )
    return [child, await child.#answer()]
  }

  ask(message: object): Promise<unknown> {
    this.#child.send(message)
    return this.#answer()
  }

  stop(): void {
    this.#child.disconnect()
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void =>
        reject(new Error(`the process ended with status ${code ?? 'none'}`))
      this.#child.once('exit', onExit)
      this.#child.once('message', (message) => {
        this.#child.off('exit', onExit)
        resolve(message)
      })
    })
  }
}
