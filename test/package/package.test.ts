import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declaredCommands } from '../../bin/operate/declared.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { servePings } from '../support/ping-server.ts'
import { startOwnStack } from '../support/own-stack.ts'
import { ended, install, type Installed, installWithCdk, isInstalled, packed } from './installed.ts'

const settings = ['--sender', 'alerts@example.com', '--admin', 'you@example.com']
const hasLint = isInstalled('cfn-lint', ['--version'])

describe('the package in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-packed-'))
  let alone: Installed
  let withCdk: Installed

  beforeAll(() => {
    const tarball = packed(folder)
    alone = install(tarball)
    withCdk = installWithCdk(tarball)
  })
  afterAll(() => {
    for (const each of [alone, withCdk]) each.remove()
    rmSync(folder, { recursive: true })
  })

  it('brings nothing else along', () => {
    expect(readdirSync(join(alone.folder, 'node_modules')).filter(isVisible)).toEqual(['overdue'])
  })

  it('says its version', async () => {
    expect(await alone.overdue(['--version'])).toEqual({
      status: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    })
  })

  it.each(declaredCommands.map(({ name }) => name))('has help on %s', async (name) => {
    const { status, stdout } = await alone.overdue([name, '--help'])

    expect([status, stdout]).toEqual([0, expect.stringContaining(`Usage: overdue ${name}`)])
  })

  it('applies a file, runs a job, and shows that it is watched', async () => {
    const stack = await startOwnStack({})
    const { project } = (await (await fetch(`${stack.url}/_local/ready`)).json()) as {
      readonly project: { readonly apiKey: string; readonly pingKey: string }
    }
    const env = {
      OVERDUE_URL: stack.url,
      OVERDUE_API_KEY: project.apiKey,
      OVERDUE_PING_KEY: project.pingKey,
    }
    const checks = Array.from({ length: 10 }, (_, n) => `  job-${n}: { timeout: ${n + 1}h }\n`)
    alone.write('overdue.yaml', `project: Jobs\nchecks:\n${checks.join('')}`)

    const applied = await alone.overdue(['apply'], env)
    const ran = await alone.overdue(
      ['run', '--check', 'job-3', '--', '/bin/sh', '-c', 'echo done; exit 3'],
      env,
    )
    const again = await alone.overdue(['apply', '--dry-run'], env)
    const listed = await alone.overdue(['check', 'list', '--status', 'down', '--json'], env)
    await stack.stop()

    expect(applied).toMatchObject({ status: 0, stderr: '' })
    expect(applied.stdout).toContain('10 changes are made.')
    expect(ran).toEqual({ status: 3, stdout: 'done\n', stderr: '' })
    expect(again).toMatchObject({ status: 0 })
    expect(JSON.parse(listed.stdout)).toMatchObject({ checks: [{ slug: 'job-3', n_pings: 2 }] })
  }, 120_000)

  it('runs a job as it is, and pings for it', async () => {
    const server = await servePings()
    const uuid = '11111111-1111-4111-8111-111111111111'
    const job = ['/bin/sh', '-c', 'seq 1 20000; echo b >&2; exit 3']
    const env = { OVERDUE_URL: server.url }

    const { status, stdout, stderr } = await alone.overdue(
      ['run', '--check', uuid, '--', ...job],
      env,
    )

    await server.stop()
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`)
    expect([status, stdout === lines.join(''), stderr]).toEqual([3, true, 'b\n'])
    expect(server.pings.map(({ path }) => path)).toEqual([`/ping/${uuid}/start`, `/ping/${uuid}/3`])
    expect(server.pings[1]?.body.toString()).toContain('20000\n')
  })

  it('has what reads a secret for a run, apart from the rest', async () => {
    const env = { HOME: alone.folder, OVERDUE_SECRET: 'none' }

    expect(await alone.overdue(['run', '--check', 'nightly', '--', 'true'], env)).toEqual({
      status: 0,
      stdout: '',
      stderr: 'overdue: this run is not watched: none is no ARN of a secret\n',
    })
  })

  it.each(['deploy', 'synth'])('says what brings the CDK where %s lacks it', async (name) => {
    const { status, stderr } = await alone.overdue([name, ...settings])

    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^overdue: the CDK is missing; this brings it: npm install (aws-cdk@[\d.]+ )?aws-cdk-lib@[\d.]+ constructs@[\d.]+\n$/,
      ),
    ])
  })

  it('says so for the construct, too', async () => {
    const { status, stderr } = await alone.node(['-e', "require('overdue/constructs')"])

    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('overdue/constructs needs the CDK, which is missing'),
    ])
  })

  it('names a setting that is missing, and what it takes', async () => {
    const { status, stderr } = await withCdk.overdue(['synth', '--sender', 'alerts@example.com'])

    expect([status, stderr]).toEqual([
      1,
      'overdue: the setting admin is missing; it takes an e-mail address, as in admin=you@example.com\n',
    ])
  })

  it('prints the template that the checkout deploys', async () => {
    const checkout = mkdtempSync(join(tmpdir(), 'overdue-assembly-'))
    const words = ['-c', 'sender=alerts@example.com', '-c', 'admin=you@example.com', '--quiet']
    const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', ...words, '--output', checkout]
    expect(await ended(process.execPath, cdk)).toMatchObject({ status: 0 })
    const theirs = readFileSync(join(checkout, 'Overdue.template.json'), 'utf8')
    rmSync(checkout, { recursive: true })

    const { status, stdout } = await withCdk.overdue(['synth', ...settings])

    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(theirs))
  })

  it('writes an assembly with an archive for each function, equal each time', async () => {
    const out = join(withCdk.folder, 'assembly')
    await withCdk.overdue(['synth', ...settings, '--out', 'assembly'])
    const template = readFileSync(join(out, 'Overdue.template.json'), 'utf8')
    const wanted = new Set([...template.matchAll(/"S3Key": "([^"]+)"/g)].map(([, key]) => key))
    const archives = () =>
      Object.fromEntries(
        readdirSync(out)
          .filter((name) => name.endsWith('.zip'))
          .map((name) => [name, readFileSync(join(out, name)).toString('base64')]),
      )
    const first = archives()

    expect(new Set(Object.keys(first))).toEqual(wanted)
    expect(wanted.size).toBeGreaterThan(10)

    await withCdk.overdue(['synth', ...settings, '--out', 'assembly'])
    expect(archives()).toEqual(first)
  })

  it('leaves a folder alone that has other files', async () => {
    const path = withCdk.write('notes.txt', 'mine')

    const { status, stderr } = await withCdk.overdue(['synth', ...settings, '--out', '.'])

    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('. has files that are no assembly'),
    ])
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  it.runIf(hasLint)('prints a template without faults for cfn-lint', async () => {
    const { stdout } = await withCdk.overdue(['synth', ...settings])
    const path = withCdk.write('template.json', stdout)

    expect(await ended('cfn-lint', [path])).toMatchObject({ status: 0 })
  })

  describe('as a construct', () => {
    const props = `{ sender: 'alerts@example.com', admin: 'you@example.com', logDays: 30 }`
    const app = `
const app = new App({ outdir: process.argv[2] })
const stack = new Stack(app, 'Theirs')
const overdue = new Overdue(stack, 'Overdue', ${props})
app.synth()
console.log(Object.keys(overdue.tables).length, overdue.pingEndpoint !== overdue.apiRoot)
`

    it.each([
      [
        'an ES module',
        'app.mjs',
        `import { App, Stack } from 'aws-cdk-lib'\nimport { Overdue } from 'overdue/constructs'\n${app}`,
      ],
      [
        'CommonJS',
        'app.cjs',
        `const { App, Stack } = require('aws-cdk-lib')\nconst { Overdue } = require('overdue/constructs')\n${app}`,
      ],
    ])('is synthesized from %s', async (_, name, text) => {
      withCdk.write(name, text)

      const { status, stdout, stderr } = await withCdk.node([name, `out-${name}`])

      expect([status, stdout], stderr).toEqual([0, '6 true\n'])
      const template = readFileSync(
        join(withCdk.folder, `out-${name}/Theirs.template.json`),
        'utf8',
      )
      expect(template).toContain('OverdueTablesRegistry166E463C')
    })

    it.each(['nodenext', 'node10'])(
      'is checked by the types of an app that resolves modules as %s',
      async (moduleResolution) => {
        const file = `import { App, Stack } from 'aws-cdk-lib'
import { Overdue, type OverdueProps } from 'overdue/constructs'
const props: OverdueProps = ${props}
const { alarmTopic, tables, pingEndpoint } = new Overdue(new Stack(new App(), 'Theirs'), 'O', props)
export const shown: string = alarmTopic.topicArn + tables.registry.tableArn + pingEndpoint
// @ts-expect-error a word that is none of the setting's
export const wrong: OverdueProps = { ...props, unknownPings: 'closed' }
`
        withCdk.write('app.ts', file)
        withCdk.bring(['typescript', '@types'].filter((name) => !isThere(withCdk, name)))
        const options = {
          strict: true,
          noEmit: true,
          types: ['node'],
          target: 'es2022',
          skipLibCheck: false,
          moduleResolution,
          module: moduleResolution === 'nodenext' ? 'nodenext' : 'commonjs',
          ...(moduleResolution === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
        }
        withCdk.write(
          'tsconfig.json',
          JSON.stringify({ compilerOptions: options, files: ['app.ts'] }),
        )

        const checked = await ended(process.execPath, [
          resolve('node_modules/typescript/bin/tsc'),
          '-p',
          withCdk.folder,
        ])

        expect(checked).toEqual({ status: 0, stdout: '', stderr: '' })
      },
    )
  })
})

function isVisible(name: string): boolean {
  return !name.startsWith('.')
}

function isThere({ folder }: Installed, name: string): boolean {
  return readdirSync(join(folder, 'node_modules')).includes(name)
}
