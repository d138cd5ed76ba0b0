import { describe, expect, it } from 'vitest'
import { parseCrontab } from '../../../bin/operate/import/crontab.ts'

function found(text: string, isSystem = false) {
  return parseCrontab(text, isSystem).flatMap((line) => (line.found === undefined ? [] : [line.found]))
}

describe('a crontab', () => {
  it('has jobs between comments, empty lines and settings', () => {
    const jobs = found('# backups\nMAILTO=ops@example.com\n\n30 3 * * *\t/bin/backup\n  0 4 * * 1-5 report\n')

    expect(jobs).toMatchObject([
      { line: 4, command: '/bin/backup', name: 'backup', schedule: { kind: 'cron', expression: '30 3 * * *' }, timeZone: undefined },
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
    expect(line?.found).toMatchObject({ command: 'cd / && run-parts /etc/cron.hourly', name: 'run-parts /etc/cron.hourly' })
    expect(found('@daily root', true)).toMatchObject([{ reason: 'this is no line of a crontab' }])
  })

  it('has time zones from the lines above a job, CRON_TZ before TZ', () => {
    const zones = found('@daily a\nTZ=Asia/Tokyo\n@daily b\nCRON_TZ = "Europe/Riga"\n@daily c').map(
      (job) => 'timeZone' in job && job.timeZone,
    )

    expect(zones).toEqual([undefined, { from: 'TZ', name: 'Asia/Tokyo' }, { from: 'CRON_TZ', name: 'Europe/Riga' }])
  })

  it('numbers jobs of the same name', () => {
    expect(found('@daily a\n@weekly a\n@daily b').map((job) => 'name' in job && job.name)).toEqual(['a', 'a (2)', 'b'])
  })
})
