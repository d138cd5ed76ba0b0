import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readTemplate, synthesized } from './template/assembly.ts'
import type { KeptProject } from './data/data-folder.ts'
import { DataFolder } from './data/data-folder.ts'
import { type EngineCalls, EngineClient } from './engine/engine-client.ts'
import { type EngineKind, engineKindOf } from './engine/engine-kind.ts'
import { memoryFolder, startEngine, type Engine } from './engine/engine.ts'
import { KeptTables } from './engine/kept-tables.ts'
import { ModelEngine } from './engine/model-engine.ts'
import { serve, serveAws, serveInternet, type Backends } from './http/serve.ts'
import { listen } from './http/listen.ts'
import { Resources } from './template/resources.ts'
import { listenForMail } from './http/smtp.ts'
import { type LocalSettings, readLocalSettings } from './settings.ts'
import { Stack } from './stack.ts'
import { StartError } from './start-error.ts'
import { StorageError } from './data/storage-error.ts'
import { indexStreamRecords } from './feeds/stream-index.ts'
import { readWiring } from './template/wiring.ts'

export { StartError } from './start-error.ts'

export type StartOptions = {
  /** What the settings are read from. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Gets the progress of the start, and what the functions write. */
  readonly report: (text: string) => void
  /** Ends the start early. */
  readonly signal: AbortSignal
}

export type RunningStack = {
  readonly baseUrl: string
  readonly project: KeptProject
  readonly pingEmailDomain: string
  /** What plays DynamoDB. */
  readonly engine: EngineKind
  stop(): Promise<void>
}

/**
 * Starts the local stack: the synthesized template on one port.
 * @throws StartError when it can't start. What had started by then is stopped again.
 */
export async function startStack(options: StartOptions): Promise<RunningStack> {
  const ends: End[] = []
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const settings = readLocalSettings(options.env)
    const started = await bringUp({ ...options, settings }, (end) => ends.push(end))
    return { ...started, stop }
  } catch (error) {
    await stop()
    throw error instanceof StorageError ? new StartError(error.message) : error
  }
}

/** Ends what a part of the start has begun. */
type End = () => void | Promise<void>
type Later = (end: End) => void
type Starting = StartOptions & { readonly settings: LocalSettings }

async function bringUp(options: Starting, later: Later): Promise<Omit<RunningStack, 'stop'>> {
  const { settings, report } = options
  const backends: { -readonly [Part in keyof Backends]: Backends[Part] } = {}
  const listener = await listen(
    settings.port,
    (request, response) => serve(backends, request, response),
    report,
  )
  later(() => listener.close())
  const baseUrl = `http://127.0.0.1:${listener.port}`
  const aws = await listen(
    0,
    (request, response) => serveAws(backends, { request, response, path: request.url ?? '/' }),
    report,
  )
  later(() => aws.close())
  const internet = await listen(
    0,
    (request, response) => serveInternet(backends, request, response),
    report,
  )
  later(() => internet.close())
  if (settings.smtpPort !== undefined) {
    const mail = await listenForMail(settings.smtpPort, () => backends.control?.mailIntake)
    later(() => mail.close())
  }
  const kind = engineKindOf(settings)
  const folder =
    settings.dataFolder === undefined ? undefined : await DataFolder.open(settings.dataFolder, kind)
  later(() => folder?.close())
  const places = {
    baseUrl,
    awsEndpoint: `http://127.0.0.1:${aws.port}`,
    internetEndpoint: `http://127.0.0.1:${internet.port}`,
  }

  const [engine, assets] = await Promise.all([
    openDatabase(kind, folder, later),
    settings.assembly ?? synthesized(settings, options),
  ])
  const template = await readTemplate(assets)
  const resources = new Resources(template, places)
  const wiring = readWiring(resources, assets, template.Outputs)

  report(`starting ${wiring.functions.length} functions …`)
  const log = (name: string, text: string) => report(text.trimEnd().replaceAll(/^/gm, `[${name}] `))
  const stack = new Stack({ settings, wiring, places, engine, folder, log })
  later(() => stack.stop())
  Object.assign(backends, {
    aws: stack.aws,
    internet: stack.internet,
    functions: stack.functions,
  })
  const control = await stack.start()
  backends.control = control
  return {
    baseUrl,
    engine: kind,
    project: control.project,
    pingEmailDomain: control.mailIntake.domain,
  }
}

async function openDatabase(
  kind: EngineKind,
  folder: DataFolder | undefined,
  later: Later,
): Promise<EngineCalls> {
  if (kind === 'model') return new ModelEngine(folder && new KeptTables(folder.file))
  const database = folder?.database ?? join(await passingFolder(later), 'dynamodb.sqlite')
  const engine = await startedEngine(database)
  later(() => engine.stop())
  indexStreamRecords(database)
  const client = new EngineClient(engine.endpoint)
  later(() => client.close())
  return client
}

/** A folder that is removed when the stack stops. */
async function passingFolder(later: Later): Promise<string> {
  const folder = await mkdtemp(join(memoryFolder(), 'overdue-'))
  later(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function startedEngine(database: string): Promise<Engine> {
  try {
    return await startEngine(database)
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new StartError(`${reason} (its data: ${database})`)
  }
}
