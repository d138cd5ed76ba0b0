import { isIn } from '../faults.ts'
import type { FunctionName, Handlers } from '../functions.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'

/** How an invocation ended. Lambda tells of a function that was killed as of one that threw. */
export type Ended =
  { readonly state: 'ended'; readonly value: unknown } | { readonly state: 'failed' }

/**
 * Runs functions as Lambda does: each invocation is a process with a clock of its own, that is
 * ended when its time is over.
 */
export class Invocations {
  readonly #world: World
  readonly #handlers: Handlers
  readonly running = new Set<Process>()
  #starting = 0

  constructor(world: World, handlers: Handlers) {
    this.#world = world
    this.#handlers = handlers
  }

  /** Whether nothing runs but what waits for deadlines. */
  get areIdle(): boolean {
    return this.#starting === 0 && [...this.running].every(({ name }) => name === 'sweep')
  }

  invoke(name: FunctionName, event: unknown, end: (ended: Ended) => void): void {
    const { dice, faults } = this.#world
    this.#starting += 1
    const startMs = faults.strikes('slow') ? dice.between(100, 1500) : dice.between(1, 5)
    this.#world.after(startMs, () => {
      this.#starting -= 1
      if (name === 'alert' && isIn(faults.noAlerts, this.#world.now) && !faults.isOver)
        end({ state: 'failed' })
      else this.#run(name, event, end)
    })
  }

  #run(name: FunctionName, event: unknown, end: (ended: Ended) => void): void {
    const { dice, faults } = this.#world
    const { handle, timeoutSeconds } = this.#handlers[name]
    const skewMs =
      faults.isOver || faults.maxSkewMs === 0
        ? 0
        : dice.between(-faults.maxSkewMs, faults.maxSkewMs)
    const finish = (process: Process, value: unknown) => {
      this.running.delete(process)
      end(process.state === 'ended' ? { state: 'ended', value } : { state: 'failed' })
    }
    const process = this.#world.start(
      { name, skewMs, isExposed: true, event },
      () => handle(event),
      finish,
    )
    if (process.state === 'running') this.running.add(process)
    this.#world.after(timeoutSeconds * 1000, () => process.kill())
  }
}
