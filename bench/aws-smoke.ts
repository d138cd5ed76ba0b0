import { Command } from 'commander'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SmokeDeployment, type SmokeOptions } from './aws-smoke/deployment.ts'
import { worldHere } from './aws-smoke/here.ts'
import { isAsExpected, reportOf, runSteps } from './aws-smoke/step.ts'
import { steps } from './aws-smoke/steps.ts'
import type { World } from './aws-smoke/world.ts'

type Options = Omit<SmokeOptions, 'sender' | 'admin'> &
  Partial<Pick<SmokeOptions, 'sender' | 'admin'>> & {
    readonly local?: string | true
    readonly onlyDeploy?: true
  }

const DEFAULT_LOCAL_URL = 'http://127.0.0.1:8787'

let isOver = false
// Not in the midst of a step, and never without having destroyed what was made.
process.on('SIGINT', () => (isOver = true))

await new Command('npm run smoke --')
  .description(
    'Deploys Overdue to be thrown away, tries what only AWS can show, destroys it, and tells what was seen (docs/operations.md).',
  )
  .option('--sender <address>', 'an address, or one of a domain, that SES has verified')
  .option('--admin <address>', 'where alarms of the stack go')
  .option('--name <name>', 'of the stack', 'OverdueSmoke')
  .option('--domain <name>', 'the one name of pings and API')
  .option('--zone <id>', 'its hosted zone in Route 53')
  .option(
    '--ping-email-domain <name>',
    'a domain whose mail pings, verified in SES, with its MX record',
  )
  .option('--ping-email-rule-set <name>', 'the active receipt rule set of the region')
  .option('--only-deploy', 'deploy and destroy, and try nothing')
  .option(
    '--local [url]',
    `try a local stack in place of AWS, at ${DEFAULT_LOCAL_URL} unless told otherwise`,
  )
  .action(async ({ local, onlyDeploy, sender, admin, ...others }: Options, command: Command) => {
    if (local !== undefined) await tryAll(worldHere(local === true ? DEFAULT_LOCAL_URL : local))
    else if (sender === undefined || admin === undefined)
      command.error('--sender and --admin are needed, or --local')
    else await tryThrowAway({ ...others, sender, admin }, onlyDeploy === true)
  })
  .parseAsync()

async function tryThrowAway(options: SmokeOptions, isOnlyDeployed: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-smoke-'))
  const deployment = new SmokeDeployment(options, folder)
  try {
    const world = await deployment.deploy()
    if (!isOnlyDeployed) await tryAll(world)
  } catch (error) {
    console.error(`smoke: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    await deployment.destroy()
    rmSync(folder, { recursive: true })
  }
}

async function tryAll(world: World): Promise<void> {
  const seen = await runSteps(steps, world, console.error, () => isOver)
  console.log(reportOf(seen))
  if (isOver || !seen.every(isAsExpected)) process.exitCode = 1
}
