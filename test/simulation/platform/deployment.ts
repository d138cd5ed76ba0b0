import { tables } from '../../../lambdas/store/keys.ts'
import type { Handlers } from '../functions.ts'
import { queues, streams } from '../wiring.ts'
import { MemorySource } from '../../support/memory-source.ts'
import type { World } from '../world.ts'
import { Calls, type Service } from './calls.ts'
import { Database } from './database.ts'
import { FunctionUrls } from './function-url.ts'
import { Invocations } from './invocations.ts'
import { MailService } from './mail.ts'
import { SimulatedQueue } from './queue.ts'
import { SweepSchedule } from './recurrence.ts'
import type { Sent } from './sent.ts'
import { PingMetrics } from './ping-metrics.ts'
import { MirrorSchedule, SourceDatabase } from './source-database.ts'
import { StreamFeed } from './stream-feed.ts'
import { WebhookHost } from './webhook-host.ts'

/** All that is deployed, wired up in one world. */
export class Deployment {
  readonly invocations: Invocations
  readonly urls: FunctionUrls
  readonly mail: MailService
  readonly webhookHost: WebhookHost
  readonly queues: readonly SimulatedQueue[]
  readonly feeds: readonly StreamFeed[]
  readonly sweeps: SweepSchedule
  readonly source = new MemorySource()
  readonly mirrors: MirrorSchedule

  constructor(world: World, handlers: Handlers) {
    const database = new Database(world)
    this.invocations = new Invocations(world, handlers)
    this.urls = new FunctionUrls(world, this.invocations)
    this.mail = new MailService(world)
    this.webhookHost = new WebhookHost(world)
    this.queues = queues.map((settings) => new SimulatedQueue(world, this.invocations, settings))
    this.feeds = streams.map((settings) => new StreamFeed(world, this.invocations, settings))
    for (const [table, { hasStream }] of Object.entries(tables))
      if (hasStream) database.onWrite(table, () => undefined)
    for (const feed of this.feeds) database.onWrite(feed.settings.table, () => feed.notice())
    const cloudwatch = new PingMetrics(world, this.urls)
    const services = {
      dynamodb: database,
      sqs: this.#byUrl(),
      ses: this.mail,
      internet: this.webhookHost,
      cloudwatch,
      source: new SourceDatabase(this.source),
    }
    world.connect(new Calls(world, services, this))
    this.sweeps = new SweepSchedule(world, this.invocations)
    this.mirrors = new MirrorSchedule(world, this.invocations)
  }

  /** Whether nothing is under way, but sweeps that wait. */
  get isQuiet(): boolean {
    return (
      this.invocations.areIdle &&
      this.queues.every(({ isEmpty }) => isEmpty) &&
      this.feeds.every(({ isIdle }) => isIdle)
    )
  }

  /** All that anybody was told, in no order. */
  get sent(): readonly Sent[] {
    return [...this.mail.sent, ...this.webhookHost.sent]
  }

  queue(name: string): SimulatedQueue {
    const queue = this.queues.find(({ settings }) => settings.name === name)
    if (queue === undefined) throw new Error(`there is no queue ${name}`)
    return queue
  }

  #byUrl(): Service {
    return {
      perform: (call) =>
        this.queue(
          (call.input as { readonly QueueUrl: string }).QueueUrl.split('/').at(-1) ?? '',
        ).perform(call),
    }
  }
}
