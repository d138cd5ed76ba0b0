import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, parseDocument } from 'yaml'
import { parseCrontab } from '../../bin/operate/import/crontab.ts'
import { blockIn } from './page.ts'
import { endOf, type Machine, makeMachine } from './machine.ts'
import { readWorkflow, runWorkflow } from './workflow.ts'

let machine: Machine

beforeAll(async () => {
  machine = await makeMachine()
  machine.write('home/.config/overdue.env', settings())
})
afterAll(() => machine.stop())

const page = 'as-code.md'
const block = (heading: string, language: string, named?: string) =>
  machine.here(blockIn(page, heading, { language, ...(named !== undefined && { named }) }))
const settings = () => block('A crontab', 'sh')

/** The check that the file of the project has for a job. */
function checkInFile(slug: string) {
  const file = parse(block('A project as a file', 'yaml', 'overdue.yaml')) as {
    readonly defaults: { readonly tz: string }
    readonly checks: Readonly<Record<string, { readonly schedule: string; readonly tz?: string }>>
  }
  const { schedule, tz = file.defaults.tz } = file.checks[slug] ?? expect.unreachable(slug)
  return { schedule, tz }
}

/** Whether a machine has a program. */
const has = async (program: string) => (await endOf([program, '--version'])).status === 0

const statuses = [0, 3]

describe('the crontab', () => {
  const job = () => {
    const lines = parseCrontab(block('A crontab', 'crontab'), false)
    const [found, ...others] = lines.flatMap((line) => line.found ?? [])
    if (found === undefined || 'reason' in found || others.length > 0) return expect.unreachable()
    return found
  }

  it('runs a job when its check expects it', () => {
    expect(job().schedule).toEqual({
      kind: 'cron',
      expression: checkInFile('nightly-backup').schedule,
    })
  })

  it.each(statuses)('tells its start, and exit status %d', async (status) => {
    machine.program('backup', `[ "$1" = --all ] && exit ${status}`)
    const [, path = ''] = /^PATH=(.*)$/m.exec(block('A crontab', 'crontab')) ?? []

    const env = { PATH: path, HOME: machine.home }
    const ended = await machine.run(['/bin/sh', '-c', job().command], env)

    expect(ended).toEqual({ status, output: '' })
    expect(machine.taken()).toEqual(['nightly-backup/start', `nightly-backup/${status}`])
  })
})

describe('the systemd timer', () => {
  const unit = (ending: string) => block('A systemd timer', 'ini', `archive-logs.${ending}`)
  const valueOf = (text: string, name: string) =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? expect.unreachable(name)

  it('is good for systemd', async (context) => {
    context.skip(!(await has('systemd-analyze')), 'systemd-analyze is not there')
    machine.program('archive', 'exit 0')
    const files = ['service', 'timer'].map((ending) =>
      machine.write(`units/archive-logs.${ending}`, unit(ending), 0o644),
    )

    const ended = await endOf(['systemd-analyze', 'verify', '--recursive-errors=no', ...files])

    expect(ended).toEqual({ status: 0, output: '' })
  })

  it('runs when its check expects it', () => {
    const { schedule, tz } = checkInFile('archive-logs')

    expect(valueOf(unit('timer'), 'OnCalendar')).toBe(`${schedule} ${tz}`)
  })

  it.each(statuses)('tells its start, and exit status %d', async (status) => {
    machine.program('archive', `exit ${status}`)
    const env = Object.fromEntries(
      settings()
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2)),
    ) as NodeJS.ProcessEnv

    const ended = await machine.run(valueOf(unit('service'), 'ExecStart').split(' '), env)

    expect(ended).toEqual({ status, output: '' })
    expect(machine.taken()).toEqual(['archive-logs/start', `archive-logs/${status}`])
  })
})

describe('the Kubernetes CronJob', () => {
  type Container = {
    readonly env: readonly { readonly name: string; readonly valueFrom: unknown }[]
    readonly command: readonly string[]
    readonly args: readonly string[]
  }
  const documents = () => {
    const all = parseAllDocuments(block('A Kubernetes CronJob', 'yaml')) as readonly ReturnType<
      typeof parseDocument
    >[]
    expect(all.flatMap(({ errors }) => errors)).toEqual([])
    const [secret, cronJob] = all.map((document) => document.toJS() as unknown)
    return {
      secret: secret as { metadata: { name: string }; stringData: Record<string, string> },
      spec: (cronJob as { spec: Record<string, unknown> }).spec,
    }
  }
  const container = () => {
    const { spec } = documents()
    const { jobTemplate } = spec as {
      jobTemplate: { spec: { template: { spec: { containers: readonly Container[] } } } }
    }
    return jobTemplate.spec.template.spec.containers[0] ?? expect.unreachable()
  }

  it('runs when its check expects it', () => {
    const { schedule, timeZone: tz } = documents().spec

    expect({ schedule, tz }).toEqual(checkInFile('hourly-report'))
  })

  it('has the ping URL from the secret beside it', () => {
    const { secret } = documents()

    expect(container().env).toEqual([
      {
        name: 'PING',
        valueFrom: { secretKeyRef: { name: secret.metadata.name, key: 'ping' } },
      },
    ])
  })

  it.each(statuses)('tells its start, and exit status %d', async (status) => {
    machine.program('report', `[ "$1" = --last-hour ] && exit ${status}`)
    const { command, args } = container()

    const env = { PING: documents().secret.stringData['ping'] }
    const ended = await machine.run([...command, ...args], env)

    expect(ended).toEqual({ status, output: '' })
    expect(machine.taken()).toEqual(['hourly-report/start', `hourly-report/${status}`])
  })

  it('runs the job where no ping gets through', async () => {
    machine.program('report', 'exit 3')
    const { command, args } = container()

    const ended = await machine.run([...command, ...args], { PING: 'http://127.0.0.1:9/ping/key' })

    expect(ended.status).toBe(3)
    expect(machine.taken()).toEqual([])
  })
})

describe('the GitHub Actions job', () => {
  const workflow = () => readWorkflow(block('A GitHub Actions job', 'yaml'))

  it('runs when its check expects it', () => {
    expect({ schedule: workflow().on.schedule?.[0]?.cron, tz: 'Etc/UTC' }).toEqual(
      checkInFile('dependency-audit'),
    )
  })

  it.each([
    [0, '0'],
    [3, 'fail'],
  ])('tells its start, and of exit status %d %s', async (status, said) => {
    machine.write('home/scripts/audit.sh', `#!/bin/sh\nexit ${status}\n`, 0o700)
    const secrets = { OVERDUE_PING: machine.here('https://overdue.example.com/ping/<ping key>') }

    const isGood = await runWorkflow(workflow(), { event: 'schedule', secrets }, machine)

    expect(isGood).toBe(status === 0)
    expect(machine.taken()).toEqual(['dependency-audit/start', `dependency-audit/${said}`])
  })
})

describe('the ECS task', () => {
  type Resources = Readonly<Record<string, { readonly Properties: Record<string, unknown> }>>
  type Container = {
    readonly Command: readonly string[]
    readonly Environment: readonly { readonly Name: string; readonly Value: string }[]
    readonly Secrets: readonly { readonly Name: string }[]
  }
  const resources = () => {
    // Tags such as !Ref are CloudFormation's own.
    const document = parseDocument(block('An ECS task', 'yaml'), { logLevel: 'silent' })
    expect(document.errors).toEqual([])
    return (document.toJS() as { Resources: Resources }).Resources
  }

  it('is good for CloudFormation', async (context) => {
    context.skip(!(await has('cfn-lint')), 'cfn-lint is not there')
    const file = machine.write('billing-export.yaml', block('An ECS task', 'yaml'))

    expect(await endOf(['cfn-lint', file])).toEqual({ status: 0, output: '' })
  })

  it('runs when its check expects it', () => {
    const { ScheduleExpression: expression, ScheduleExpressionTimezone: tz } =
      resources()['Schedule']?.Properties ?? {}
    const [, schedule = ''] = /^cron\((.*) \*\)$/.exec(String(expression)) ?? []

    expect({ schedule: schedule.replace('?', '*'), tz }).toEqual(checkInFile('billing-export'))
  })

  it.each(statuses)('tells its start, and exit status %d', async (status) => {
    machine.write('home/export.js', `process.exit(process.argv[3] === 'last' ? ${status} : 9)\n`)
    const [container] = resources()['Task']?.Properties['ContainerDefinitions'] as Container[]
    const { Command, Environment, Secrets } = container ?? expect.unreachable()
    const env = {
      ...Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
      ...Object.fromEntries(Secrets.map(({ Name }) => [Name, machine.pingKey])),
    }

    const ended = await machine.run(Command, env)

    expect(ended).toEqual({ status, output: '' })
    expect(machine.taken()).toEqual(['billing-export/start', `billing-export/${status}`])
  })
})

describe('the pipeline', () => {
  const workflow = () => readWorkflow(block('A project as a file', 'yaml', 'overdue.yml'))
  const secrets = { OVERDUE_API_KEY: 'the key', PAGERDUTY_KEY: 'another' }

  /** Runs it where `overdue` ends so, and says what was called. */
  async function called(event: string, status: number) {
    const log = machine.write('called', '')
    const stub = `echo "$(basename "$0") $*" "$OVERDUE_API_KEY" "$PAGERDUTY_KEY" >> '${log}'`
    const own = await makeMachine()
    own.program('npm', stub)
    own.program('overdue', `${stub}\nexit ${status}`)
    own.write('home/overdue.yaml', '')
    const isGood = await runWorkflow(workflow(), { event, secrets }, own)
    await own.stop()
    const { output } = await endOf(['cat', log])
    return { isGood, calls: output.trim().split('\n') }
  }

  const install = 'npm install --global ./overdue-0.1.0.tgz the key another'

  it.each([
    [0, true],
    [2, true],
    [1, false],
  ])('shows the plan of a pull request, of which %d is good: %s', async (status, isGood) => {
    expect(await called('pull_request', status)).toEqual({
      isGood,
      calls: [install, 'overdue apply -f overdue.yaml --dry-run --prune the key another'],
    })
  })

  it.each([
    [0, true],
    [1, false],
  ])('applies what is pushed, of which %d is good: %s', async (status, isGood) => {
    expect(await called('push', status)).toEqual({
      isGood,
      calls: [install, 'overdue apply -f overdue.yaml --prune --yes the key another'],
    })
  })
})

it('the machine of a test has its own commands first', async () => {
  expect((await machine.run(['/bin/sh', '-c', 'command -v overdue'])).output).toBe(
    `${join(machine.folder, 'bin', 'overdue')}\n`,
  )
})
