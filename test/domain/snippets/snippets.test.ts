import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SnippetFacts, SnippetKind } from '../../../lambdas/domain/snippets/snippet.ts'
import { kindsFor, snippetOf } from '../../../lambdas/domain/snippets/snippets.ts'
import { fileOf, has, makePingServer, run } from './running.ts'

let server: Awaited<ReturnType<typeof makePingServer>>

beforeAll(async () => {
  server = await makePingServer()
})
afterAll(() => server.stop())

const facts = (changes: Partial<SnippetFacts> = {}): SnippetFacts => ({
  pingUrl: server.url,
  schedule: { kind: 'cron', expression: '30 3 * * 1-5' },
  timeZone: 'Europe/Riga',
  name: '\'; touch /tmp/never #\n"$(touch /tmp/never)`touch /tmp/never`',
  ...changes,
})

const textOf = (kind: SnippetKind, changes: Partial<SnippetFacts> = {}) =>
  snippetOf(kind, facts(changes))?.text ?? ''

/** A job that ends with a status. */
const jobOf = (status: number) => fileOf('job', `#!/bin/sh\nexit ${status}\n`, 0o755)

/** What cron runs of its line. */
const commandOf = (text: string) => text.replace(/^#.*\n/, '').replace(/^(\S+ ){5}/, '')

const start = /^\/start\?rid=[0-9a-f-]{36}$/

describe('a snippet', () => {
  it.each([0, 3])('of crontab tells a start, and exit status %d', async (status) => {
    const command = commandOf(textOf('crontab')).replace('/path/to/job', jobOf(status))

    await run('sh', ['-c', command])

    expect(server.taken()).toEqual(['/start', `/${status}`])
  })

  it('of crontab tells only success, if shorter', async () => {
    const short = commandOf(snippetOf('crontab', facts())?.short ?? '')

    await run('sh', ['-c', short.replace('/path/to/job', jobOf(1))])
    await run('sh', ['-c', short.replace('/path/to/job', jobOf(0))])

    expect(server.taken()).toEqual([''])
  })

  it('tells runs apart where they may overlap', async () => {
    const command = commandOf(textOf('crontab', { runsOverlap: true }))

    await run('sh', ['-c', command.replace('/path/to/job', jobOf(4))])

    const [first = '', second = ''] = server.taken()
    expect(first).toMatch(start)
    expect(second).toBe(first.replace('start', '4'))
  })

  it.each([
    [0, false],
    [5, false],
    [5, true],
  ])('of bash ends as its job, with %d', async (status, runsOverlap) => {
    const script = textOf('bash', { runsOverlap }).replace('/path/to/job', jobOf(status))

    const ended = await run('bash', [fileOf('job.sh', script)])

    expect(ended.status).toBe(status)
    expect(server.taken().map((path) => path.replace(/\?.*/, ''))).toEqual(['/start', `/${status}`])
  })

  it('of Python tells a start and the end', async () => {
    const script = textOf('python')
    const failing = textOf('python', { runsOverlap: true }).replace('    pass', '    1 / 0')

    const ended = await run('python3', [fileOf('job.py', script)])
    const failed = await run('python3', [fileOf('job.py', failing)])

    expect([ended.status, failed.status]).toEqual([0, 1])
    const signals = server.taken().map((path) => path.replace(/\?.*/, ''))
    expect(signals).toEqual(['/start', '/0', '/start', '/fail'])
  })

  it('of Node tells a start and the end', async () => {
    const script = textOf('node')
    const failing = textOf('node', { runsOverlap: true })
    const job = '  // what the job does'

    const ended = await run(process.execPath, [fileOf('job.mjs', script)])
    const failed = await run(process.execPath, [
      fileOf('job.mjs', failing.replace(job, "  throw new Error('no')")),
    ])

    expect([ended.status, failed.status]).toEqual([0, 1])
    const signals = server.taken().map((path) => path.replace(/\?.*/, ''))
    expect(signals).toEqual(['/start', '/0', '/start', '/fail'])
  })

  it('of PowerShell tells a start and the exit status', async (context) => {
    context.skip(!(await has('pwsh')), 'pwsh is not there')
    const script = textOf('powershell').replace(String.raw`C:\path\to\job.exe`, jobOf(3))

    await run('pwsh', ['-File', fileOf('job.ps1', script)])

    expect(server.taken()).toEqual(['/start', '/3'])
  })

  it('of systemd is a unit and a timer', async (context) => {
    context.skip(!(await has('systemd-analyze')), 'systemd-analyze is not there')
    const [service = '', timer = ''] = textOf('systemd').split('# /etc/systemd/system/job.timer\n')

    const ended = await run('systemd-analyze', [
      'verify',
      '--recursive-errors=no',
      fileOf('job.service', service.replace('/path/to/job', '/bin/true')),
    ])

    expect(ended).toEqual({ status: 0, output: '' })
    expect(timer).toContain('OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 3:30:00 Europe/Riga\n')
  })

  it('of Kubernetes, compose, Ansible and GitHub is YAML', async (context) => {
    const isThere = (await run('python3', ['-c', 'import yaml'])).status === 0
    context.skip(!isThere, 'PyYAML is not there')
    const runsOverlap = true

    const kinds = ['kubernetes', 'compose', 'ansible', 'github'] as const
    const files = kinds.map((kind) => fileOf(`${kind}.yaml`, textOf(kind, { runsOverlap })))
    const read = 'import sys, yaml; [list(yaml.safe_load_all(open(f))) for f in sys.argv[1:]]'
    expect(await run('python3', ['-c', read, ...files])).toEqual({ status: 0, output: '' })
  })

  it('holds what people type in comments only', () => {
    const odd = ['\n', '\r', '\u0085', '\u2028', '\0', '\u202e', '#', '"', "'", '`', '$', ' ', 'a']
    const name = fc.string({ unit: fc.constantFrom(...odd), maxLength: 40 })

    fc.assert(
      fc.property(fc.constantFrom(...kindsFor({})), name, (kind, typed) => {
        const without = textOf(kind, { name: '' }).split('\n')
        const lines = textOf(kind, { name: typed }).split('\n')
        expect(lines).toHaveLength(without.length)
        const different = lines.filter((line, index) => line !== without[index])
        expect(different.length).toBeLessThanOrEqual(1)
        expect(different.every((line) => /^(?:#|\/\/) /.test(line))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('does not let a name choose the encoding of a Python script', () => {
    const [first, second] = textOf('python', { name: 'coding: utf-7' }).split('\n')

    expect([first, second]).toEqual(['import time', 'import urllib.request'])
  })

  it('is made of no URL that would need quoting', () => {
    expect(() => textOf('bash', { pingUrl: 'https://example.com/$(id)' })).toThrow('quoting')
  })

  it('by mail is there where mails are taken', () => {
    expect(kindsFor({})).not.toContain('mail')
    expect(textOf('mail', { mailAddress: 'a@example.com' })).toBe('a@example.com')
  })
})
