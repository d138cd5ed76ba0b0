import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCrontab } from '../../../bin/operate/import/crontab.ts'
import { charactersOf } from '../../../bin/operate/import/line-bytes.ts'
import { withPing, withRun } from '../../../bin/operate/import/shell-command.ts'
import { inGroups } from '../../../lambdas/runtime/groups.ts'
import { makeCron } from '../../support/cron.ts'

const pingUrl = 'https://ping.example.com/ping/11111111-1111-4111-8111-111111111111'
const shells = ['/bin/bash', '/bin/dash']

let cron: Awaited<ReturnType<typeof makeCron>>
beforeAll(async () => (cron = await makeCron()))
afterAll(() => cron.stop())

/**
 * The commands of which a shell sees something else, or which ping something else than how they
 * ended.
 */
async function broken(
  shell: string,
  commands: readonly string[],
  by: 'curl' | 'overdue run',
): Promise<readonly object[]> {
  const compared = await inGroups(commands, 4, async (command) => {
    const [line] = parseCrontab(`SHELL=${shell}\n* * * * * ${command}`, false).slice(1)
    const [own, given] =
      line?.found !== undefined && 'schedule' in line.found
        ? [line.found.command, line.found.shell]
        : ['', '']
    const pinging =
      by === 'curl'
        ? withPing(own, { shell: given, pingUrl })
        : withRun(own, { shell: given, program: 'overdue', check: pingUrl })
    const [before, { pinged, ...after }] = [
      await cron.run(shell, command),
      await cron.run(shell, pinging),
    ]
    const { pinged: _, ...expected } = before
    return { command, pinging, expected, after, wanted: [`${pingUrl}/${before.status}`], pinged }
  })
  return compared.filter(
    ({ expected, after, wanted, pinged }) => !isSame(expected, after) || !isSame(wanted, pinged),
  )
}

function isSame(one: unknown, other: unknown): boolean {
  return comparable(one) === comparable(other)
}

/** That a program is not there, each shell says in its own words, and overdue run in others. */
function comparable(seen: unknown): string {
  return JSON.stringify(seen, (_, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/^\S+: (line )?\d+: (\S+): (not found|No such file or directory)$/gm, '$2?')
      : value,
  )
}

const ways = ['curl', 'overdue run'] as const
const both = shells.flatMap((shell) => ways.map((by) => [shell, by] as const))

describe.each(both)('under %s, pinged by %s', (shell, by) => {
  it('each job of real crontabs, and each that is none, does with a ping what it did before, and tells how it ended', async () => {
    const jobs = charactersOf(readFileSync('test/data/cron-jobs.txt'))
      .split('\n')
      .filter((line) => line.trim() !== '')

    expect(jobs.length).toBeGreaterThan(200)
    expect(await broken(shell, jobs, by)).toEqual([])
  }, 120_000)

  it('any command does, and tells, the same', async () => {
    const jobs = fc.sample(command, { numRuns: 150, seed: 11 })

    expect(await broken(shell, jobs, by)).toEqual([])
  }, 120_000)
})

/**
 * Pieces of commands, put together without a thought of what they mean. Nothing in them goes to the
 * background, or lasts.
 */
const pieces = [
  'echo a', 'cat a', 'false', 'true', 'exit 3', 'exec ls', 'set -e', 'rm a', 'touch n', 'cd d', 'ls', '[ -f a ]', 'test -d x', 'if', 'then',
  'fi', 'for i in 1 2', 'do', 'done', 'case a in a)', 'esac', 'PATH=/none', 's=1', 'x', '1', ' ', ' ', ' ', ' ', ';', ';', '&&', '||', '|',
  '(', ')', '{', '}', '!', '#', '$', '`', '"', '"', "'", "'", '\\', '\\', '\\;', '\\%', '%', '*', '?', '~', '=', '<a', '>n', '>>n', '2>&1',
  '$(', '${T}', '$T', '$?', '\t', '\u00e4', '\u00c3\u00a0', '\u00a0', '\u0085', '\r', '\u0007',
] as const // prettier-ignore
const command = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 })
  .map((some) => some.join(''))
  .filter((text) => /^[^ \t-]/.test(text) && text.trim() !== '')
