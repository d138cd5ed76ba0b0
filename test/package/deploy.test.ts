import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Installed, installWithCdk, isInstalled, packed } from './installed.ts'

const hasMoto = isInstalled('python3', ['-c', 'import moto, flask_cors'])

/** What moto's CloudFormation does not know. */
const passed = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Url',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::TopicPolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
]

it.skipIf(hasMoto)('deploying is left out: moto is missing (pip install moto[server])', () => {
  expect(hasMoto).toBe(false)
})

describe.runIf(hasMoto)('overdue deploy, from the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-packed-'))
  let installed: Installed
  let moto: ChildProcess
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    installed = installWithCdk(packed(folder))
    const port = await freePort()
    moto = spawn(
      'python3',
      [join(import.meta.dirname, 'stand_in_aws.py'), String(port), passed.join(',')],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await untilItRuns(moto)
    env = {
      // CDK reads that name of the machine as S3 with buckets in the path, which is what moto has.
      AWS_ENDPOINT_URL: `http://localhost:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      CDK_DEFAULT_ACCOUNT: '123456789012',
      CDK_DEFAULT_REGION: 'us-east-1',
      CDK_DISABLE_VERSION_CHECK: '1',
    }
  }, 300_000)
  afterAll(async () => {
    moto.kill()
    await once(moto, 'exit')
    installed.remove()
    rmSync(folder, { recursive: true })
  })

  it('deploys the stack', async () => {
    const bootstrap = await installed.node([
      '-e',
      `process.exitCode = require('node:child_process').spawnSync(process.execPath, [require.resolve('aws-cdk/package.json').replace('package.json', 'bin/cdk'), 'bootstrap', 'aws://123456789012/us-east-1'], { stdio: 'inherit', env: { ...process.env, ...${JSON.stringify(env)} } }).status`,
    ])
    expect(bootstrap, bootstrap.stderr).toMatchObject({ status: 0 })

    const settings = ['--sender', 'alerts@example.com', '--admin', 'you@example.com']
    const words = ['--', '--require-approval', 'never']
    const deployed = await installed.overdue(['deploy', ...settings, ...words], env)
    expect(deployed, deployed.stderr).toMatchObject({ status: 0 })
    // moto tells no outputs of a stack. Where CI is set, the CDK says all of it on stdout.
    expect(deployed.stdout + deployed.stderr).toContain('✅  Overdue')
  }, 300_000)
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Until it says where it listens. */
async function untilItRuns({ stderr }: ChildProcess): Promise<void> {
  if (stderr === null) throw new Error('moto has no output')
  let said = ''
  for await (const chunk of stderr) {
    said += String(chunk)
    if (said.includes('Running on')) break
  }
}
