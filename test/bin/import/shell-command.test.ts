import { describe, expect, it } from 'vitest'
import { commandName, withPing, withRun } from '../../../bin/operate/import/shell-command.ts'

/** What any shell does with such a command is the claim of `pinged-jobs.test.ts`. */
describe('a command with a ping', () => {
  const pinging = (command: string) => withPing(command, { shell: '/bin/sh', pingUrl: 'U' })
  const ping = '; s=$?; curl -fsS -m 10 --retry 5 -o /dev/null U/$s; exit $s'

  it.each([
    '/usr/bin/backup',
    '/usr/bin/backup --all=yes -v /srv >/var/log/backup 2>&1',
    '/opt/x 2>>log < in',
  ])('of one program, %j, stands as it stood', (command) => {
    expect(pinging(command)).toBe(`${command}${ping}`)
  })

  it.each([
    ['backup', "/bin/sh -c 'backup'"],
    [String.raw`find /srv -exec rm {} \;`, String.raw`/bin/sh -c 'find /srv -exec rm {} \;'`],
    ["echo 'it''s' # nightly", String.raw`/bin/sh -c 'echo '\''it'\'''\''s'\'' # nightly'`],
    ['/bin/a; exit 3 ', "/bin/sh -c '/bin/a; exit 3 '"],
    [
      String.raw`tar -cf b-$(date +\%F).tar /srv`,
      String.raw`/bin/sh -c 'tar -cf b-$(date +\%F).tar /srv'`,
    ],
  ])('that may be more, %j, has a shell of its own', (command, own) => {
    expect(pinging(command)).toBe(`${own}${ping}`)
  })

  it.each([
    ['/bin/mail root', '%Hello%World'],
    [String.raw`/bin/mail root`, String.raw`%100\%`],
  ])('stands before the input that cron gives a command: %j, %j', (command, input) => {
    expect(pinging(command + input)).toBe(`${command}${ping}${input}`)
  })

  it('takes a percent sign behind a backslash that stands for itself as the start of input', () => {
    expect(pinging(String.raw`echo \\%in`)).toBe(String.raw`/bin/sh -c 'echo \\'` + `${ping}%in`)
  })
})

describe('a command that overdue run runs', () => {
  it.each([
    ['/usr/bin/backup --all ', '/usr/bin/backup --all'],
    ['/usr/bin/backup >log 2>&1', "/bin/sh -c '/usr/bin/backup >log 2>&1'"],
    ["cd /srv && echo 'a'", String.raw`/bin/sh -c 'cd /srv && echo '\''a'\''${"'"}`],
    ['mail root%Hi%there', "/bin/sh -c 'mail root'%Hi%there"],
    [String.raw`echo \%F`, String.raw`/bin/sh -c 'echo \%F'`],
  ])('of %j stands behind its --', (command, words) => {
    const terms = { shell: '/bin/sh', program: '/usr/local/bin/overdue', check: 'nightly' }

    expect(withRun(command, terms)).toBe(`/usr/local/bin/overdue run --check nightly -- ${words}`)
  })
})

describe('the name of a job', () => {
  it.each([
    ['/usr/local/bin/backup --full >/dev/null 2>&1', 'backup --full'],
    ['cd / && run-parts --report /etc/cron.hourly', 'run-parts --report /etc/cron.hourly'],
    ['mail -s "done" root%Hello', 'mail -s "done" root'],
    ['sync.sh # nightly', 'sync.sh'],
    ['a >> /var/log/a 2>&1;', 'a'],
    [String.raw`find /srv -delete -exec rm {} \; ; `, String.raw`find /srv -delete -exec rm {} \;`],
    ['> /tmp/empty', '> /tmp/empty'],
    [`x ${'y'.repeat(200)}`, `x ${'y'.repeat(88)}`],
  ])('of %j is %j', (command, name) => {
    expect(commandName(command)).toBe(name)
  })
})
