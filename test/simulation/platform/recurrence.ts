import { isIn } from '../faults.ts'
import type { World } from '../world.ts'
import type { Invocations } from './invocations.ts'

const MINUTE_MS = 60_000

/** The scheduler: the sweep at some second of each minute, now and then not at all or twice. */
export class SweepSchedule {
  readonly #world: World
  readonly #invocations: Invocations
  /** How many minutes lie between two runs. */
  everyMinutes = 1
  rests = false
  readonly startedAt: number[] = []
  completed = 0
  lastStartAt = 0

  constructor(world: World, invocations: Invocations) {
    this.#world = world
    this.#invocations = invocations
    this.#plan(Math.ceil(world.now / MINUTE_MS) * MINUTE_MS)
  }

  run(): void {
    const startAt = this.#world.now
    this.startedAt.push(startAt)
    this.#invocations.invoke('sweep', {}, ({ state }) => {
      if (state === 'failed') return
      this.completed += 1
      this.lastStartAt = Math.max(this.lastStartAt, startAt)
    })
  }

  #plan(minuteAt: number): void {
    const { dice, timeline } = this.#world
    timeline.add(minuteAt + dice.between(0, MINUTE_MS - 1), () => {
      this.#fire()
      this.#plan(minuteAt + this.everyMinutes * MINUTE_MS)
    })
  }

  #fire(): void {
    const { faults, now } = this.#world
    if (this.rests) return
    if (!faults.isOver && (isIn(faults.noSweeps, now) || faults.strikes('sweep-missed'))) return
    this.run()
    if (faults.strikes('sweep-doubled')) this.run()
  }
}
