import type { MemorySource } from '../../support/memory-source.ts'
import type { AwsCall } from '../host.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'
import type { Invocations } from './invocations.ts'

const MINUTE_MS = 60_000

/** The database that is mirrored, over a network that loses things. */
export class SourceDatabase implements Service {
  readonly #source: MemorySource

  constructor(source: MemorySource) {
    this.#source = source
  }

  perform({ operation, input }: AwsCall): object {
    return { value: this.#answer(operation, input) }
  }

  #answer(operation: string, { most = 0, uuids = [], ids = [], after }: Question): unknown {
    switch (operation) {
      case 'changes':
        return this.#source.changesNow(after, most)
      case 'rows':
        return this.#source.rowsNow(uuids)
      case 'page':
        return this.#source.pageNow(after, most)
      case 'forget':
        this.#source.forgetNow(ids)
        return undefined
      default:
        throw new Error(`nobody asks a source for ${operation}`)
    }
  }
}

type Question = {
  readonly most?: number
  readonly uuids?: readonly string[]
  readonly ids?: readonly string[]
  readonly after?: string
}

/** The scheduler: the mirror at some second of each minute, now and then beside another one. */
export class MirrorSchedule {
  readonly #world: World
  readonly #invocations: Invocations
  /** How many minutes lie between two runs. */
  everyMinutes = 1
  rests = false

  constructor(world: World, invocations: Invocations) {
    this.#world = world
    this.#invocations = invocations
  }

  /** Begins with the next minute. */
  begin(): void {
    this.#plan(Math.ceil(this.#world.now / MINUTE_MS) * MINUTE_MS)
  }

  run(event: object = {}): void {
    this.#invocations.invoke('mirror', event, () => undefined)
  }

  #plan(minuteAt: number): void {
    const { dice, timeline } = this.#world
    timeline.add(minuteAt + dice.between(0, MINUTE_MS - 1), () => {
      if (!this.rests) this.run()
      if (!this.rests && dice.chance(0.2)) this.run()
      this.#plan(minuteAt + this.everyMinutes * MINUTE_MS)
    })
  }
}
