import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { assemblyOf } from './assembly-cache.ts'
import { templateShape, type Template } from './resources.ts'
import type { LocalSettings } from '../settings.ts'
import { StartError } from '../start-error.ts'

const root = join(import.meta.dirname, '../../..')

/** Sender of the alerts, which go nowhere. */
const sender = 'alerts@example.com'

/** The domain for mail that pings. */
const pingEmailDomain = 'ping.example.com'

export type Synthesis = {
  /** Gets the note that it takes a while. */
  readonly report?: (text: string) => void
  /** Ends it early. */
  readonly signal?: AbortSignal
}

/**
 * The folder of the CDK app's assembly with its bundles, as `cdk synth` makes it.
 * @throws StartError with the app's output when the app fails.
 */
export function synthesized(
  settings: LocalSettings,
  { report, signal }: Synthesis = {},
): Promise<string> {
  const context = contextOf(settings)
  const make = (folder: string) => {
    report?.('synthesizing the CDK app and bundling its functions …')
    return synthesize(folder, context, signal)
  }
  return assemblyOf({ root, settings: context, make })
}

async function synthesize(
  folder: string,
  own: object,
  signal: AbortSignal | undefined,
): Promise<void> {
  const CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:enable-path-metadata': true, ...own })
  const app = spawn(process.execPath, ['bin/overdue.ts'], {
    cwd: root,
    // CDK's check of the template is for deployments, and takes a sixth of the time.
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that it ends together with the bundler that it starts.
    detached: true,
  })
  const abort = () => app.pid !== undefined && process.kill(-app.pid, 'SIGKILL')
  signal?.addEventListener('abort', abort)
  let said = ''
  for (const output of [app.stdout, app.stderr])
    output.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-20_000)))
  const status = await new Promise<number | null>((resolve, reject) => {
    app.on('error', reject)
    app.on('close', resolve)
  })
  signal?.removeEventListener('abort', abort)
  if (status !== 0) throw new StartError(`the CDK app does not synthesize:\n${said.trim()}`)
}

/** Where a database would be; which one it is, the function is told when it runs. */
const playedSource = {
  sourceVpc: 'vpc-00000000',
  sourceSubnets: 'subnet-00000000',
  sourceSecurityGroup: 'sg-00000000',
  sourceUrl: 'mysql://overdue@source.example.com/overdue',
  sourceResource: 'db-LOCAL',
} as const

/** The local stack's settings, in the form for a deployment whose front is this machine. */
function contextOf({
  unknownPings,
  pingBodyLimit,
  pingRate,
  source,
}: LocalSettings): Readonly<Record<string, unknown>> {
  return {
    ...(source === undefined ? {} : playedSource),
    sender,
    admin: sender,
    unknownPings,
    pingBodyLimit,
    pingRate,
    trustedFront: '127.0.0.1',
    pingEmailDomain,
    // A new identity would need DNS, which is not played here.
    pingEmailIdentity: 'existing',
    // The account is made up, so nobody needs to be protected.
    alertTopics: '*',
    alertBuses: '*',
  }
}

const manifestShape = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string() }).partial().optional(),
    }),
  ),
})

/** The template of the one stack in a cloud assembly. */
export async function readTemplate(folder: string): Promise<Template> {
  const { artifacts } = manifestShape.parse(
    JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')),
  )
  const [stack, ...others] = Object.values(artifacts).filter(
    ({ type }) => type === 'aws:cloudformation:stack',
  )
  const file = stack?.properties?.templateFile
  if (file === undefined || others.length > 0)
    throw new StartError('the local stack plays a CDK app of one stack')
  return templateShape.parse(JSON.parse(await readFile(join(folder, file), 'utf8')))
}
