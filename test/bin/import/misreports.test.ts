import { describe, expect, it } from 'vitest'
import { misreportsOf } from '../../../bin/operate/import/misreports.ts'

function warnings(
  command: string,
  more: { readonly shell?: string; readonly delaySeconds?: number } = {},
): readonly string[] {
  return misreportsOf({ command, shell: '/bin/sh', delaySeconds: 0, ...more }, 3600)
}

describe('a job', () => {
  it.each([
    ['test -x /usr/bin/certbot && certbot renew', /guard says no/],
    ['[ -f /run/x ] && /usr/bin/x', /guard says no/],
    ['cd /srv; ! pgrep -x sync && ./sync', /guard says no/],
    ['command -v debian-sa1 > /dev/null && debian-sa1 1 1', /guard says no/],
    ['systemctl is-active -q db && backup', /guard says no/],
    ['/usr/bin/flock -n /tmp/lock /usr/bin/x', /flock/],
    ['flock -w 5 -xn /tmp/lock x', /flock/],
    ['backup | logger -t backup', /only the last command/],
    ['backup || true', /ends with success/],
    ['(backup; exit 0)', /ends with success/],
    ['backup &>/dev/null', /background/],
    ['tar -cf $(date +%F).tar /srv', /%/],
    ['sleep 7200; backup', /up to 7200 seconds/],
    ['sleep 2h && backup', /up to 7200 seconds/],
    [String.raw`sleep $((RANDOM \% 5400)) && backup`, /up to 5400 seconds/],
    [String.raw`sleep $((RANDOM \% 90 * 60)); backup`, /up to 5400 seconds/],
    [String.raw`sleep $((RANDOM \% 90))m; backup`, /up to 5400 seconds/],
    ['sleep $RANDOM; backup', /up to 32768 seconds/],
    ["perl -e 'sleep int(rand(43200))' && certbot -q renew", /up to 43200 seconds/],
    [
      "python3 -c 'import random, time; time.sleep(random.random() * 7200)' && certbot renew",
      /up to 7200 seconds/,
    ],
    ['sleep $(shuf -i 0-7200 -n 1) && backup', /up to 7200 seconds/],
  ])('%j will be told wrongly', (command, warning) => {
    expect(warnings(command)).toEqual([expect.stringMatching(warning)])
  })

  it.each([
    'cd / && run-parts --report /etc/cron.hourly',
    'make && make install',
    'test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )',
    'if [ -x /usr/bin/a ] && [ -x /usr/bin/b ]; then a; fi',
    '[ -f /run/x ] && /usr/bin/x || /usr/bin/y # or not',
    'flock -n -E 0 /tmp/lock x',
    'flock /tmp/lock x -n 1',
    'echo "a | b && c" >/dev/null 2>&1',
    'a || b',
    'set -o pipefail; a | b',
    'sleep 60; backup --keep 99999',
    String.raw`sleep $((RANDOM \% 3600)) && backup`,
    String.raw`tar -cf $(date +\%F).tar /srv # 100\%`,
  ])('%j will be told as it is', (command) => {
    expect(warnings(command)).toEqual([])
  })

  it('that cron itself delays at random waits for both', () => {
    expect(warnings('sleep 1800; backup', { delaySeconds: 2700 })).toEqual([
      expect.stringContaining('up to 4500 seconds'),
    ])
  })

  it('may send its output by &> where the shell is bash', () => {
    expect(warnings('backup &>/dev/null', { shell: '/bin/bash' })).toEqual([])
  })
})
