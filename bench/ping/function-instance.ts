import { type ChildProcess, fork } from 'node:child_process'

/** What something took. */
export type Load = { readonly milliseconds: number; readonly cpuMicroseconds: number }

export type ToInstance = { readonly calls: number }
export type FromInstance =
  | { readonly kind: 'loaded'; readonly load: Load }
  | { readonly kind: 'called'; readonly load: Load; readonly milliseconds: readonly number[] }

export type Called = Extract<FromInstance, { kind: 'called' }>

/** One function in a fresh process, seen from outside. */
export class FunctionInstance {
  /** What loading the bundle took. */
  readonly load: Load
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, load: Load) {
    this.#child = child
    this.load = load
  }

  /** @param program the bundled `instance.ts` */
  static async start(
    program: string,
    bundle: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<FunctionInstance> {
    const child = fork(program, [bundle], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const { load } = await told(child)
    return new FunctionInstance(child, load)
  }

  get pid(): number {
    return this.#child.pid ?? NaN
  }

  /** Calls the function as often, one call after the other. */
  async call(calls: number): Promise<Called> {
    this.#child.send({ calls } satisfies ToInstance)
    const message = await told(this.#child)
    if (message.kind !== 'called') throw new Error('the instance loaded twice')
    return message
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#child.once('exit', resolve)
      this.#child.kill('SIGKILL')
    })
  }
}

function told(child: ChildProcess): Promise<FromInstance> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('the instance ended'))
    child.once('exit', end)
    child.once('message', (message) => {
      child.off('exit', end)
      resolve(message as FromInstance)
    })
  })
}
