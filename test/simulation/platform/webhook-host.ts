import { isIn } from '../faults.ts'
import type { AwsCall } from '../host.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'
import type { Sent } from './sent.ts'

/** A request that came to the host, and whether it was answered well. */
export type HostCall = Sent & { readonly isTaken: boolean }

/**
 * The one host of the internet that webhooks call: it takes requests, or answers 500 for a while.
 */
export class WebhookHost implements Service {
  readonly calls: HostCall[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** What it has taken. */
  get sent(): readonly Sent[] {
    return this.calls.filter(({ isTaken }) => isTaken)
  }

  perform({ input }: AwsCall, by: Process): object {
    const { faults, now } = this.#world
    const isTaken = !isIn(faults.noWebhooks, now) && !faults.strikes('webhook-refused')
    this.calls.push({
      at: now,
      by,
      isTaken,
      tells: (input as { readonly tells: readonly string[] }).tells,
    })
    if (!isTaken) throw new Error('received status code 500')
    return {}
  }
}
