import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import { type AwsCall, operator } from './services/aws-call.ts'
import { AwsEndpoint } from './services/aws-endpoint.ts'
import { Bucket } from './services/bucket.ts'
import { makeCloudFormationService } from './services/cloudformation-service.ts'
import { makeCloudWatchService } from './services/cloudwatch-service.ts'
import type { ControlDeps } from './http/control.ts'
import type { DataFolder } from './data/data-folder.ts'
import { makeDynamoService } from './services/dynamodb-service.ts'
import type { EngineCalls } from './engine/engine-client.ts'
import { removeExpired } from './feeds/expiry.ts'
import { Faults } from './services/faults.ts'
import { makeQueueFeeds, makeStreamFeeds } from './feeds/feeds.ts'
import { makeLambdaService } from './services/lambda-service.ts'
import { KeptFile } from './data/kept-file.ts'
import { KeptState } from './data/kept-state.ts'
import { GivenAnswers } from './internet/answers.ts'
import { Internet } from './internet/internet.ts'
import { OutgoingRequests } from './internet/outgoing-requests.ts'
import { LocalFunction } from './functions/local-function.ts'
import { MailIntake } from './http/mail-intake.ts'
import { Meter } from './services/meter.ts'
import { Metrics } from './services/metrics.ts'
import { isWatched, makeOperatorStores, toldOf } from './overdue.ts'
import { LocalOwner } from './owner.ts'
import { LocalProjects } from './projects.ts'
import { makeEventsService, makeSnsService, Published } from './services/published.ts'
import { LocalQueue, type QueueDeps } from './services/queue.ts'
import { region, type Places } from './template/resources.ts'
import { makeS3Service } from './services/s3-service.ts'
import { ScheduledRuns } from './feeds/scheduled-runs.ts'
import type { MailEvent } from './services/mail-events.ts'
import { Mailbox } from './services/mailbox.ts'
import { makeSesService } from './services/ses-service.ts'
import type { LocalSettings } from './settings.ts'
import { makeSqsService } from './services/sqs-service.ts'
import type { StreamFeed } from './feeds/stream-feed.ts'
import { TimeTravel } from './time-travel.ts'
import { publishToTopic } from './template/topics.ts'
import { VirtualClock } from './functions/virtual-clock.ts'
import type { Wiring } from './template/wiring.ts'

export type StackOptions = {
  readonly settings: LocalSettings
  readonly wiring: Wiring
  readonly places: Places
  readonly engine: EngineCalls
  readonly folder: DataFolder | undefined
  readonly log: (name: string, text: string) => void
}

const LONGEST_CATCH_UP_MS = 1000
/** The note that says how far the stack's clock is ahead of the machine's. */
const offsetNote = 'offset'

/** The parts of the local stack, wired as the template says. */
export class Stack {
  readonly aws: AwsEndpoint
  readonly internet: Internet
  readonly functions: ReadonlyMap<string, LocalFunction>
  readonly #options: StackOptions
  readonly #kept: KeptState
  readonly #clock: VirtualClock
  readonly #queues: ReadonlyMap<string, LocalQueue>
  readonly #buckets: ReadonlyMap<string, Bucket>
  readonly #mailbox = new Mailbox()
  readonly #published = new Published()
  readonly #outgoing = new OutgoingRequests()
  readonly #givenAnswers = new GivenAnswers()
  readonly #meter = new Meter()
  readonly #faults = new Faults()
  #streamFeeds: readonly StreamFeed[] = []
  #travel: TimeTravel | undefined
  #writes = 0

  constructor(options: StackOptions) {
    const { wiring, places, engine, log } = options
    this.#options = options
    this.#kept = options.folder?.state ?? new KeptState(KeptFile.inMemory())
    this.#clock = new VirtualClock(Number(this.#kept.note(offsetNote) ?? 0))
    this.#queues = makeQueues(wiring, { clock: this.#clock, keeper: this.#kept })
    const bucketDeps = { clock: this.#clock, keeper: this.#kept }
    this.#buckets = new Map(
      wiring.buckets.map((definition) => [definition.name, new Bucket(definition, bucketDeps)]),
    )
    const metrics = new Metrics(this.#clock)
    const deps = {
      clock: this.#clock,
      meter: this.#meter,
      metrics,
      awsEndpoint: places.awsEndpoint,
      internetEndpoint: places.internetEndpoint,
      log,
      told: toldOf(options.settings.source),
    }
    this.functions = new Map(
      wiring.functions.map((definition) => [definition.name, new LocalFunction(definition, deps)]),
    )
    const services = {
      dynamodb: makeDynamoService({
        engine,
        onWrite: (tables, call) => this.#written(tables, call),
      }),
      sqs: makeSqsService(this.#queues),
      ses: makeSesService(this.#mailbox, this.#clock, (event, set) => this.#tellOfMail(event, set)),
      sns: makeSnsService(this.#published, this.#clock),
      events: makeEventsService(this.#published, this.#clock),
      lambda: makeLambdaService(this.functions),
      s3: makeS3Service(this.#buckets),
      cloudwatch: makeCloudWatchService(metrics),
      cloudformation: makeCloudFormationService(wiring.outputs, this.#clock),
    }
    this.aws = new AwsEndpoint({
      services,
      functions: this.functions,
      clock: this.#clock,
      meter: this.#meter,
      faults: this.#faults,
    })
    this.internet = new Internet({
      outgoing: this.#outgoing,
      answers: this.#givenAnswers,
      clock: this.#clock,
    })
    this.#clock.onMove((offsetMs) => this.#kept.keepNote(offsetNote, offsetMs.toString()))
    this.#clock.onMove((offsetMs) => {
      for (const each of this.functions.values()) each.setOffset(offsetMs)
    })
  }

  /**
   * Starts all parts.
   * @throws StartError when the template or the settings don't let one of them start.
   */
  async start(): Promise<ControlDeps> {
    const { wiring, engine, settings, folder, places } = this.#options
    await Promise.all(
      wiring.tables.map(({ name, creation }) => createTable(engine, name, creation)),
    )
    await Promise.all([...this.functions.values()].map((each) => each.load()))
    const feedDeps = {
      wiring,
      functions: this.functions,
      queues: this.#queues,
      engine,
      clock: this.#clock,
      kept: this.#kept,
    }
    this.#streamFeeds = await makeStreamFeeds(feedDeps)
    const queueFeeds = makeQueueFeeds(feedDeps)
    const schedules = wiring.schedules.map(
      (schedule) => new ScheduledRuns(schedule, this.#targetOf(schedule.functionArn), this.#clock),
    )
    for (const feed of this.#streamFeeds) feed.poke()
    const stores = makeOperatorStores(operatorDatabase(places))
    const projects = new LocalProjects(stores, this.#clock)
    const parts = {
      clock: this.#clock,
      functions: [...this.functions.values()],
      streamFeeds: this.#streamFeeds,
      queueFeeds,
      aws: this.aws,
      internet: this.internet,
    }
    const travel = (this.#travel = new TimeTravel({
      parts,
      schedules,
      stores,
      writes: () => this.#writes,
      removeExpired: () => this.#removeExpired(),
    }))
    const project = await projects.first(settings, folder)
    return {
      baseUrl: places.baseUrl,
      project,
      owner: new LocalOwner(stores, this.#clock, project.email),
      clock: this.#clock,
      travel,
      projects,
      mailbox: this.#mailbox,
      published: this.#published,
      outgoing: this.#outgoing,
      givenAnswers: this.#givenAnswers,
      meter: this.#meter,
      faults: this.#faults,
      mailIntake: this.#mailIntake(),
      catchUp: () => this.#catchUp(),
    }
  }

  async stop(): Promise<void> {
    this.#clock.stop()
    const journeys = this.#travel?.stop()
    const feeds = this.#streamFeeds.map((feed) => feed.stop())
    await Promise.all([...this.functions.values()].map((each) => each.stop()))
    await Promise.all(feeds)
    await journeys
  }

  #written(tables: readonly string[], call: AwsCall): void {
    if (isWatched(tables, call)) this.#writes += 1
    for (const feed of this.#streamFeeds) if (tables.includes(feed.source.tableName)) feed.poke()
  }

  #tellOfMail(event: MailEvent, configurationSet: string | undefined): void {
    const { mailEventTargets, subscriptions } = this.#options.wiring
    const targets = mailEventTargets.filter(
      (target) => target.configurationSet === configurationSet,
    )
    for (const { eventTypes, topicArn } of targets) {
      if (eventTypes.includes(event.eventType.toLowerCase()))
        publishToTopic({ topicArn, message: event }, subscriptions, this.functions)
    }
  }

  async #removeExpired(): Promise<void> {
    const { engine, wiring } = this.#options
    for (const table of wiring.tables) await removeExpired(engine, table, this.#clock.now())
  }

  async #catchUp(): Promise<void> {
    const drained = Promise.all(this.#streamFeeds.map((feed) => feed.drained()))
    await Promise.race([
      drained,
      new Promise((resolve) => setTimeout(resolve, LONGEST_CATCH_UP_MS)),
    ])
  }

  #mailIntake(): MailIntake {
    const [rule, ...others] = this.#options.wiring.receiptRules
    const target = this.functions.get(rule?.functionName ?? '')
    const bucket = this.#buckets.get(rule?.bucketName ?? '')
    if (rule === undefined || others.length > 0 || target === undefined || bucket === undefined) {
      throw new Error(
        'the local stack plays a template with one receipt rule, whose bucket and function are its own',
      )
    }
    const failures = [...this.#queues.values()].find(
      ({ definition }) => definition.arn === target.definition.failureArn,
    )
    return new MailIntake({
      rule,
      bucket,
      target,
      failures,
      clock: this.#clock,
      keeper: this.#kept,
    })
  }

  #targetOf(arn: string): LocalFunction {
    const target = [...this.functions.values()].find(({ definition }) => definition.arn === arn)
    if (target === undefined)
      throw new Error(`the template schedules ${arn}, which is no function of it`)
    return target
  }
}

function makeQueues(
  { queues: definitions }: Wiring,
  deps: Pick<QueueDeps, 'clock' | 'keeper'>,
): ReadonlyMap<string, LocalQueue> {
  const queues = new Map<string, LocalQueue>()
  const byArn = (arn: string | undefined) =>
    [...queues.values()].find(({ definition }) => definition.arn === arn)
  for (const definition of definitions) {
    queues.set(
      definition.name,
      new LocalQueue(definition, { ...deps, deadLetters: () => byArn(definition.redrive?.arn) }),
    )
  }
  return queues
}

/** Creates a table, unless an earlier run has left it. */
async function createTable(engine: EngineCalls, name: string, creation: object): Promise<void> {
  const { status, body } = await engine.send(
    'DynamoDB_20120810.CreateTable',
    JSON.stringify({ TableName: name, ...creation }),
  )
  const text = body.toString()
  if (status !== 200 && !text.includes('ResourceInUseException'))
    throw new Error(`the engine does not create the table ${name}: ${text}`)
}

function operatorDatabase({ awsEndpoint }: Places): Database {
  return makeSdkDatabase({
    region,
    endpoint: awsEndpoint,
    credentials: { accessKeyId: operator, secretAccessKey: 'local' },
  })
}
