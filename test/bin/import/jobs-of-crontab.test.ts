import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeOperator, type Operator, type Run } from '../../support/operator.ts'
import { aPing } from '../../support/builders.ts'
import { breakCheck } from '../../support/unreadable.ts'

let operator: Operator
let folder: string
beforeAll(async () => {
  operator = await makeOperator()
  folder = await mkdtemp(join(tmpdir(), 'overdue-'))
})
afterAll(async () => {
  await operator.stop()
  await rm(folder, { recursive: true })
})

async function run(
  projectId: string,
  crontab: string | Buffer,
  ...more: readonly string[]
): Promise<Run> {
  const file = join(folder, 'crontab')
  await writeFile(file, crontab)
  return operator.run(
    'import',
    'crontab',
    file,
    '--project',
    projectId,
    '--tz',
    'Europe/Riga',
    '--tags',
    'cron web1',
    ...more,
  )
}

const crontab =
  '# jobs\nMAILTO=ops@example.com\n30 3 * * * /usr/bin/backup >/dev/null 2>&1\n@reboot fix\n@hourly mail root%Hi\n'

describe('overdue import crontab', () => {
  it('shows its plan and makes nothing', async () => {
    const { project } = await operator.project()

    const shown = await run(project.id, crontab)

    expect(shown).toMatchObject({ status: 0, err: '' })
    expect(shown.out).toMatch(/^3 +create +30 3 \* \* \* +Europe\/Riga +backup$/m)
    expect(shown.out).toMatch(/^4 +not watched +fix: @reboot has no time/m)
    expect(shown.out).toContain('With --yes 2 checks are written')
    expect(await operator.registry.checks(project.id)).toEqual([])
  })

  it('makes the checks and prints the crontab that pings them', async () => {
    const { project, channel } = await operator.project()

    const made = await run(project.id, crontab, '--yes')

    const checks = await operator.registry.checks(project.id)
    expect(new Set(checks.map(({ name }) => name))).toEqual(new Set(['backup', 'mail root']))
    const backup = checks.find(({ name }) => name === 'backup') ?? expect.unreachable()
    expect(backup).toMatchObject({
      tags: 'cron web1',
      schedule: { kind: 'cron', expression: '30 3 * * *' },
      timeZone: 'Europe/Riga',
      channelIds: [channel.id],
    })
    const added = (name: string) =>
      `; s=$?; curl -fsS -m 10 --retry 5 -o /dev/null https://ping.example.com/ping/${checks.find((each) => each.name === name)?.id}/$s; exit $s`
    expect(made.out).toBe(
      '# jobs\nMAILTO=ops@example.com\n' +
        `30 3 * * * /usr/bin/backup >/dev/null 2>&1${added('backup')}\n@reboot fix\n@hourly /bin/sh -c 'mail root'${added('mail root')}%Hi\n`,
    )
    expect(await operator.heartbeats.recordPing(backup.id, aPing())).toEqual({ number: 1 })
  })

  it('has overdue run ping where that is wanted, by slugs that no other check has', async () => {
    const { project } = await operator.project()
    const twice = `${crontab}0 1 * * * /opt/backup\n0 2 * * * overdue run --check x -- /opt/y\n`

    const made = await run(project.id, twice, '--run', '--yes')
    const again = await run(project.id, twice, '--run', '/opt/overdue', '--yes')

    expect(made.out).toContain(
      "30 3 * * * overdue run --check backup -- /bin/sh -c '/usr/bin/backup >/dev/null 2>&1'\n@reboot fix\n" +
        "@hourly overdue run --check mail-root -- /bin/sh -c 'mail root'%Hi\n" +
        '0 1 * * * overdue run --check backup-2 -- /opt/backup\n' +
        '0 2 * * * overdue run --check x -- /opt/y\n',
    )
    expect(made.err).toContain('Cron has to find overdue and node')
    expect(again.out).toBe(made.out.replace(/overdue run --check (backup|mail)/g, '/opt/$&'))
    const slugs = (await operator.registry.checks(project.id)).map(({ slug }) => slug)
    expect(slugs.sort()).toEqual(['backup', 'backup-2', 'mail-root'])
  })

  it('makes no second check beside one that cannot be read and may be that of the job', async () => {
    const { project } = await operator.project()
    await run(project.id, '@hourly backup\n', '--yes')
    const [check = expect.unreachable()] = await operator.registry.checks(project.id)
    await breakCheck(operator.engine, project.id, check.id)

    const again = await run(project.id, '@hourly backup\n', '--yes')

    expect(again.status).toBe(1)
    expect(again.err).toContain(`checks ${check.id} can't be read, so none is made for "backup"`)
    expect((await operator.registry.census(project.id)).checks).toBe(1)
  })

  it('makes nothing twice, and nothing of a line that pings already', async () => {
    const { project } = await operator.project()
    const first = await run(project.id, crontab, '--yes')
    const before = await operator.registry.checks(project.id)

    const [second, third] = [
      await run(project.id, crontab, '--yes'),
      await run(project.id, first.out, '--yes'),
    ]

    expect(second.out).toBe(first.out)
    expect(third.out).toBe(first.out)
    expect(third.err).toContain('it pings already')
    expect(await operator.registry.checks(project.id)).toEqual(before)
  })

  it('warns of what will be told wrongly', async () => {
    const { project } = await operator.project()

    const shown = await run(project.id, crontab)

    expect(shown.out).toMatch(
      /told wrongly unless you change them first:\nline 5: cron ends the command at the %/,
    )
  })

  it('tells how to look whether the jobs ping', async () => {
    const { project } = await operator.project()

    const made = await run(project.id, crontab, '--yes')

    expect(made.err).toContain('overdue project list names each check that was')
  })

  it('keeps bytes that are no UTF-8, and reads them as Latin-1 in the name', async () => {
    const { project } = await operator.project()
    const [before, command] = ['# caf\u00e9\u00a0\r\n@daily', '/opt/caf\u00e9 "\u00fcber" \u00e0']

    const made = await run(project.id, Buffer.from(`${before} ${command}\r\n`, 'latin1'), '--yes')

    expect(made.bytes.toString('latin1')).toMatch(
      /^# caf\u00e9\u00a0\n@daily \/bin\/sh -c '\/opt\/caf\u00e9 "\u00fcber" \u00e0'; s=.*\n$/,
    )
    expect(made.err).toContain('end with CR LF')
    expect(await operator.registry.checks(project.id)).toMatchObject([
      { name: 'caf\u00e9 "\u00fcber" \u00e0' },
    ])
  })

  it.each([
    [0, /^1 +create/m],
    [1, /^1 +not watched .*it would be 999 bytes long, and crontab takes 998/m],
  ])('leaves a line alone that would be %d bytes too long', async (excess, row) => {
    const { project } = await operator.project()
    const pinged = `; s=$?; curl -fsS -m 10 --retry 5 -o /dev/null https://ping.example.com/ping/${project.id}/$s; exit $s`
    const line = `@daily /bin/${'x'.repeat(998 - '@daily /bin/'.length - pinged.length + excess)}`

    const made = await run(project.id, line, '--yes')

    expect(made.err).toMatch(row)
    expect(made.out.split('\n')[0]).toHaveLength(excess === 0 ? 998 : line.length)
  })

  it('brings a schedule up to date, and leaves the rest of the check alone', async () => {
    const { project } = await operator.project()
    await run(project.id, '@daily a', '--yes')
    const [before] = await operator.registry.checks(project.id)

    const changed = await run(project.id, 'CRON_TZ=Asia/Tokyo\n@hourly a', '--yes')

    expect(changed.err).toMatch(/^2 +new schedule +0 \* \* \* \* +Asia\/Tokyo +a$/m)
    const after = await operator.registry.checks(project.id)
    expect(after).toEqual([
      {
        ...before,
        schedule: { kind: 'cron', expression: '0 * * * *' },
        timeZone: 'Asia/Tokyo',
        version: (before?.version ?? 0) + 1,
      },
    ])
    expect(await operator.heartbeats.read(before?.id ?? '')).toMatchObject({
      timeZone: 'Asia/Tokyo',
    })
  })

  it('fails for jobs beyond the limit of the project, and leaves their lines as they are', async () => {
    const { project } = await operator.project(1)

    const some = await run(project.id, '@daily a\n@daily b\n', '--yes')

    expect(some).toMatchObject({ status: 1 })
    expect(some.out).toMatch(/^@daily \/bin\/sh -c 'a'; s=.*\n@daily b\n$/)
    expect(some.err).toContain('1 jobs have no check')
  })

  it.each([
    [['--project', 'nothing'], 1, /there is no project nothing/],
    [['--tz', 'Riga'], 2, /It takes a time zone such as Europe\/Riga/],
  ])('says what is wrong with %j', async (more, status, message) => {
    const { project } = await operator.project()

    const failed = await run(project.id, crontab, ...more)

    expect(failed).toMatchObject({ status, out: '' })
    expect(failed.err).toMatch(message)
  })

  it('says that there is no such file', async () => {
    const { project } = await operator.project()

    const failed = await operator.run(
      'import',
      'crontab',
      join(folder, 'none'),
      '--project',
      project.id,
    )

    expect(failed).toMatchObject({ status: 1, out: '' })
    expect(failed.err).toContain('no such file')
  })
})
