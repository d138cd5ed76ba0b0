import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameOf, withPing } from '../../../bin/operate/import/shell-command.ts'

let folder: string

/** A curl that says what it was asked for, so that a shell can be left to read the commands. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overdue-'))
  await writeFile(join(folder, 'curl'), '#!/bin/sh\nfor last; do :; done\necho "pinged $last"\n')
  await chmod(join(folder, 'curl'), 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

async function run(command: string): Promise<string> {
  const env = { PATH: `${folder}:${process.env['PATH']}` }
  return new Promise((resolve) => execFile('/bin/sh', ['-c', command], { env }, (_, out) => resolve(out)))
}

describe('a command with a ping', () => {
  it.each([
    ['true', 0],
    ['false', 1],
    ['true && false', 1],
    ['echo x | grep -q y', 1],
    ['echo x >/dev/null 2>&1', 0],
    ['false;', 1],
    ['false ; ', 1],
    ['exit 3', 3],
    ['exec sh -c "exit 4"', 4],
    ['[ -x /nowhere ] || exit 5', 5],
    ['cd / && false', 1],
    ['false # nightly; really', 1],
    [String.raw`test '#' = \#`, 0],
    ['test "a # b" = "a # b"', 0],
    ['(false)', 1],
  ])('of %j tells the exit status %d', async (command, status) => {
    expect(await run(withPing(command, 'https://x/U') ?? '')).toBe(`pinged https://x/U/${status}\n`)
  })

  it('stands before the input that cron gives a command, and leaves other percent signs alone', () => {
    const added = '; curl -fsS -m 10 --retry 5 -o /dev/null U/$?'

    expect(withPing('mail root%Hello%World', 'U')).toBe(`mail root${added}%Hello%World`)
    expect(withPing(String.raw`tar -cf b-$(date +\%F).tar /srv >>/var/log/b 2>&1`, 'U')).toBe(
      String.raw`tar -cf b-$(date +\%F).tar /srv >>/var/log/b 2>&1${added}`,
    )
  })

  it('is none where the command goes to the background', () => {
    expect(withPing('server &', 'U')).toBeUndefined()
    expect(withPing('true &&false', 'U')).toBeDefined()
  })
})

describe('the name of a job', () => {
  it.each([
    ['/usr/local/bin/backup --full >/dev/null 2>&1', 'backup --full'],
    ['cd / && run-parts --report /etc/cron.hourly', 'run-parts --report /etc/cron.hourly'],
    ['mail -s "done" root%Hello', 'mail -s "done" root'],
    ['sync.sh # nightly', 'sync.sh'],
    ['a >> /var/log/a 2>&1;', 'a'],
    ['> /tmp/empty', '> /tmp/empty'],
    [`x ${'y'.repeat(200)}`, `x ${'y'.repeat(88)}`],
  ])('of %j is %j', (command, name) => {
    expect(nameOf(command)).toBe(name)
  })
})
