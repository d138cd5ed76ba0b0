import type { AwsCall } from '../host.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'
import type { FunctionUrls } from './function-url.ts'

/** What CloudWatch counts is known so much later. */
const DELAY_MS = 60_000
const MINUTE_MS = 60_000

/** What CloudWatch knows of the ping function: how often it failed, by the minute. */
export class PingMetrics implements Service {
  readonly #world: World
  readonly #urls: FunctionUrls

  constructor(world: World, urls: FunctionUrls) {
    this.#world = world
    this.#urls = urls
  }

  perform({ input }: AwsCall): object {
    const { from, to } = input as { readonly from: number; readonly to: number }
    const startedAt = Math.floor(from / MINUTE_MS) * MINUTE_MS
    const until = Math.min(to, this.#world.now - DELAY_MS)
    return {
      errors: this.#urls.failedPingsAt.filter((at) => at >= startedAt && at <= until).length,
    }
  }
}
