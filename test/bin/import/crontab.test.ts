import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Job, parseCrontab } from '../../../bin/operate/import/crontab.ts'
import { withPing } from '../../../bin/operate/import/shell-command.ts'

function found(text: string, isSystem = false) {
  return parseCrontab(text, isSystem).flatMap((line) =>
    line.found === undefined ? [] : [line.found],
  )
}

/** A job's command as it stands in the one that pings, read back by hand. */
function unpinged({ command, shell }: Job): string {
  const [, own = '', input = ''] =
    /^([^]*); s=\$\?; curl -fsS -m 10 --retry 5 -o \/dev\/null U\/\$s; exit \$s([^]*)$/.exec(
      withPing(command, { shell, pingUrl: 'U' }),
    ) ?? []
  const quoted = own.startsWith(`${shell} -c '`)
    ? own.slice(`${shell} -c '`.length, -1).replaceAll(String.raw`'\''`, "'")
    : undefined
  return (quoted ?? own.padEnd(command.length - input.length)) + input
}

describe('a crontab', () => {
  it('has jobs between comments, empty lines and settings', () => {
    const jobs = found(
      '# backups\nMAILTO=ops@example.com\n\n30 3 * * *\t/bin/backup\n  0 4 * * 1-5 report\n',
    )

    expect(jobs).toMatchObject([
      {
        line: 4,
        command: '/bin/backup',
        name: 'backup',
        schedule: { kind: 'cron', expression: '30 3 * * *' },
        timeZone: undefined,
      },
      { line: 5, command: 'report', schedule: { expression: '0 4 * * 1-5' } },
    ])
  })

  it.each([
    ['@hourly', '0 * * * *'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@weekly', '0 0 * * 0'],
    ['@monthly', '0 0 1 * *'],
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['-*/5 * * * *', '*/5 * * * *'],
    ['0 0 1 jan sun', '0 0 1 jan sun'],
  ])('reads %s as %s', (text, expression) => {
    expect(found(`${text} job`)).toMatchObject([{ command: 'job', schedule: { expression } }])
  })

  it.each([
    ['@reboot job', /@reboot has no time/],
    ['@every 5m', /schedule @every/],
    ['61 * * * * job', /61 \* \* \* \* can't be watched/],
    ['0~59 * * * * job', /can't be watched/],
    ['* * * * *', /no line of a crontab/],
    ['nonsense', /no line of a crontab/],
  ])('says why %j is not watched', (text, reason) => {
    expect(found(text)).toMatchObject([{ reason: expect.stringMatching(reason) as string }])
  })

  it('of the system has a user in each line, which stays before the command', () => {
    const [line] = parseCrontab('17 * * * *\troot    cd / && run-parts /etc/cron.hourly', true)

    expect(line?.before).toBe('17 * * * *\troot    ')
    expect(line?.found).toMatchObject({
      command: 'cd / && run-parts /etc/cron.hourly',
      name: 'run-parts /etc/cron.hourly',
    })
    expect(found('@daily root', true)).toMatchObject([{ reason: 'this is no line of a crontab' }])
  })

  it('has time zones from the lines above a job, CRON_TZ before TZ', () => {
    const zones = found('@daily a\nTZ=Asia/Tokyo\n@daily b\nCRON_TZ = "Europe/Riga"\n@daily c').map(
      (job) => 'timeZone' in job && job.timeZone,
    )

    expect(zones).toEqual([
      undefined,
      { from: 'TZ', name: 'Asia/Tokyo' },
      { from: 'CRON_TZ', name: 'Europe/Riga' },
    ])
  })

  it('has its shells from the lines above a job, and says which take no ping', () => {
    const jobs = found('@daily a\nSHELL=/bin/bash\n@daily b\nSHELL = "/usr/bin/fish"\n@daily c')

    expect(jobs).toMatchObject([
      { shell: '/bin/sh' },
      { shell: '/bin/bash' },
      { reason: expect.stringContaining('SHELL is /usr/bin/fish') as string },
    ])
  })

  it('has the minutes by which cronie delays a job', () => {
    expect(found('@daily a\nRANDOM_DELAY=45\n@daily b')).toMatchObject([
      { delaySeconds: 0 },
      { delaySeconds: 2700 },
    ])
  })

  it('has what BSD takes before a command', () => {
    expect(parseCrontab('@daily -n -q a -n', false)).toMatchObject([
      { before: '@daily -n -q ', found: { command: 'a -n' } },
    ])
  })

  it('may come with the line ends of Windows', () => {
    const lines = parseCrontab('CRON_TZ=Asia/Tokyo\r\n\r\n@daily a\r\n@daily b\r', false)

    expect(lines.map(({ text }) => text)).toEqual([
      'CRON_TZ=Asia/Tokyo',
      '',
      '@daily a',
      '@daily b',
      '',
    ])
    expect(lines[2]).toMatchObject({ found: { command: 'a', timeZone: { name: 'Asia/Tokyo' } } })
  })

  it('that no cron can read is left alone', () => {
    expect(found('@daily a\0b')).toMatchObject([
      { reason: expect.stringContaining('zero byte') as string },
    ])
  })

  it('of any bytes is its lines, and each job is the end of its own', () => {
    const some = fc.constantFrom(
      '@daily ',
      '* * * * * ',
      '-0 3 * * 1-5\t',
      'SHELL=/bin/sh',
      '\n',
      '\n',
      '#',
      ' -n ',
      "'",
      '\\',
      '%',
      ';',
      'x',
      ' ',
    )
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
    const file = fc.array(fc.oneof(some, byte)).map((parts) => parts.join(''))

    fc.assert(
      fc.property(file, fc.boolean(), (text, isSystem) => {
        const lines = parseCrontab(text, isSystem)

        expect(lines.map((line) => line.text).join('\n')).toBe(
          text.replace(/\r(?=\n)/g, '').replace(/\r$/, '\n'),
        )
        for (const { text: line, before, found: job } of lines) {
          if (job !== undefined && 'schedule' in job) expect(before + unpinged(job)).toBe(line)
        }
      }),
    )
  })

  it('numbers jobs of the same name', () => {
    expect(found('@daily a\n@weekly a\n@daily b').map((job) => 'name' in job && job.name)).toEqual([
      'a',
      'a (2)',
      'b',
    ])
  })
})
