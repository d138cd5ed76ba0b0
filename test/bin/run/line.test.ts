import { describe, expect, it } from 'vitest'
import { runCommand } from '../../../bin/operate/command.ts'
import { makeTerminal } from '../../support/terminal.ts'

const uuid = '11111111-1111-4111-8111-111111111111'

describe('a line that is wrong', () => {
  it.each([
    [['--check', uuid, '--tiemout', '2h'], "unknown option '--tiemout'"],
    [['--chek', uuid], "unknown option '--chek' (Did you mean --check?)"],
    [['--check', uuid, 'echo', '--all'], 'write the command behind --, as in: -- echo'],
    [[], '--check is missing'],
    [['--check', 'Nightly'], 'It takes the UUID or the slug of a check.'],
    [['--check', ''], 'It takes the UUID or the slug of a check.'],
    [['--check', uuid, '--timeout', '2x'], 'It takes a time such as'],
    [['--check', uuid, '--timeout', '0s'], 'It takes a time such as'],
    [['--check', uuid, '--lock-status', '256'], 'It takes a number from 0 to 255.'],
    [['--check', uuid, '--create'], '--create takes a slug'],
    [['--check', 'a', '--tz', 'UTC'], '--schedule, --tz and --grace go with --create'],
    [['--check', uuid, '--url', 'here'], 'It takes a URL'],
  ])('runs nothing, and says in one line what is wrong: %j', async (args, problem) => {
    const terminal = makeTerminal()
    const status = await runCommand(['run', ...args, '--', '/nowhere/at-all'], terminal)
    const { out, err } = terminal.seen()

    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain(problem)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('says that there is no command', async () => {
    const terminal = makeTerminal()

    expect(await runCommand(['run', '--check', uuid], terminal)).toBe(2)
    expect(terminal.seen().err).toContain('there is no command; write it behind --')
  })
})
