import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { runCommand } from '../../../bin/operate/command.ts'
import { readWanted } from '../../../bin/operate/apply/read-wanted.ts'
import { makeTerminal } from '../../support/terminal.ts'

/** Faults as `line:column path words`. */
function faultsOf(text: string, variables: Readonly<Record<string, string>> = {}) {
  const read = readWanted(text, variables)
  const faults = 'placed' in read ? read.faults.map(read.placed) : read
  return faults.map(
    ({ line, column, path, words }) => `${line}:${column} ${path.join('.')} ${words}`,
  )
}

const good = `project: Backups
defaults: {tz: Europe/Riga, grace: 30m, channels: [dba]}
channels:
  dba: {kind: email, address: dba@example.com}
  oncall: {kind: pagerduty, routing_key: "\${KEY}"}
checks:
  nightly: {name: Nightly backup, schedule: "30 3 * * *", tags: [prod], rules: {max_runtime: 2h}}
  hourly: {timeout: 1h, channels: [dba, oncall]}
windows:
  patch: {schedule: "0 2 * * SUN", seconds: 2h, tags: [prod]}
`
const KEY = '0123456789abcdef0123456789abcdef'

/** What is wrong once one text of the file is another. */
const faultsWith = (before: string, after: string) => {
  expect(good).toContain(before)
  return faultsOf(good.replace(before, after), { KEY })
}

describe('a file', () => {
  it('has no faults where it is right', () => {
    expect(faultsOf(good, { KEY })).toEqual([])
  })

  it.each([
    ['a slip in a name', 'grace:', 'grase:', '2:29 defaults.grase is not known'],
    [
      'a length of time',
      '30m',
      '30x',
      '2:29 defaults.grace is not a length of time such as 90s, 30m, 2h or 7d, got "30x"',
    ],
    ['a bound', '30m', '30s', '2:29 defaults.grace is too small: 60 is the least, got "30s"'],
    ['a fraction', '30m', '90.5', '2:29 defaults.grace is not a whole number, got 90.5'],
    [
      'a time zone',
      'Europe/Riga',
      'Europe/Rigga',
      '2:12 defaults.tz is not a valid timezone, got "Europe/Rigga"',
    ],
    [
      'an expression',
      '30 3 * * *',
      '30 3 * *',
      '7:35 checks.nightly.schedule is not a valid cron or OnCalendar expression, got "30 3 * *"',
    ],
    [
      'a list',
      '[prod], rules',
      'prod, rules',
      '7:59 checks.nightly.tags is not a list, got "prod"',
    ],
    [
      'a word',
      '[prod], rules',
      '[a, b c], rules',
      '7:69 checks.nightly.tags.1 is not one word, got "b c"',
    ],
    [
      'a slug',
      '  nightly:',
      '  Nightly:',
      '7:3 checks.Nightly is not a slug: small letters, digits, - and _',
    ],
    [
      'a rule',
      'max_runtime',
      'max_time',
      '7:81 checks.nightly.rules.max_time is not known, got "2h"',
    ],
    ['no time', 'timeout: 1h, ', '', '8:3 checks.hourly needs a schedule or a timeout'],
    [
      'two times',
      'timeout: 1h',
      'timeout: 1h, schedule: "* * * * *"',
      '8:3 checks.hourly has both a schedule and a timeout',
    ],
    ['an address', 'dba@example.com', 'dba', '4:22 channels.dba.address is not an e-mail address'],
    [
      'a field of another kind',
      'address: dba@',
      'url: x, address: dba@',
      '4:22 channels.dba.url is not known',
    ],
    ['a field that is missing', ', seconds: 2h', '', '10:3 windows.patch.seconds is missing'],
    [
      'a window that begins twice',
      'seconds: 2h',
      'start: 2027-01-01T00:00:00Z, seconds: 2h',
      '10:3 windows.patch has both a schedule and a start',
    ],
    [
      'an empty project',
      'Backups',
      '""',
      '1:1 project is not one line of 1 to 100 characters, got ""',
    ],
    ['a key that stands twice', '  hourly:', '  nightly:', '8:3  map keys must be unique'],
    ['a number that is a key twice', 'hourly:', '8: {timeout: 1h}\n  "8":', '9:3  map keys must'],
    ['a key that is no text', '  hourly:', '  ? [a]\n  :', '8:5  has a name that is no text'],
    ['a tag', 'windows:\n', 'windows: !!set\n', '9:10  unresolved tag: tag:yaml.org,2002:set'],
    ['an object as a key', '{timeout', '{{timeout', '8:12  has a name that is no text'],
    ['what is no YAML', '1h, channels: [dba, oncall]}', '[1h', '9:1'],
    ['a name that objects have', '  hourly:', '  __proto__:', '8:3 checks.__proto__ is no name'],
    [
      'a second document',
      'windows:',
      '---\nwindows:',
      '9:1  has a second document; a file of a project has one',
    ],
    [
      'an expression without quotes',
      '"30 3 * * *"',
      '* * * * *',
      '7:45  has a text that begins with *; put quotes around it',
    ],
    [
      'a period as a schedule',
      '"30 3 * * *"',
      '1h',
      '7:35 checks.nightly.schedule is not a valid cron or OnCalendar expression, got "1h"; for a period write timeout: 1h',
    ],
  ])('has its fault named where it is: %s', (_, before, after, fault) => {
    expect(faultsWith(before, after)[0]).toMatch(
      new RegExp(`^${fault.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
    )
  })

  it('has the names that stand there, whatever they could mean', () => {
    const read = readWanted('project: P\nchecks: {007: {timeout: 1h}, null: {timeout: 1h}}', {})

    expect('wanted' in read && [...(read.wanted?.checks.keys() ?? [])]).toEqual(['007', 'null'])
  })

  it('means the same whichever version of YAML it says', () => {
    expect(faultsOf('%YAML 1.1\n---\nproject: P\nchecks: {a: {timeout: 0100}}')).toEqual([])
  })

  it('may begin with a byte order mark', () => {
    expect(faultsOf('\uFEFFprojekt: P')).toContain('1:1 projekt is not known, got "P"')
  })

  it('names all its faults at once', () => {
    const faults = faultsOf(
      good
        .replace('30m', '30x')
        .replace('[prod], rules', 'prod, rules')
        .replace(', seconds: 2h', ''),
      { KEY },
    )

    expect(faults).toHaveLength(3)
  })

  it('says which kinds of channels there are', () => {
    expect(faultsWith('kind: email', 'kind: mail')[0]).toMatch(
      /^4:9 channels.dba.kind needs a kind, one of email, webhook, .*zulip$/,
    )
  })

  it('names a variable that is not set, and where', () => {
    expect(faultsOf(good)).toEqual([
      '5:29 channels.oncall.routing_key takes the variable KEY, which is not set',
    ])
  })

  it('names it beside the other faults', () => {
    expect(faultsOf(good.replace('30m', '30x'))).toHaveLength(2)
  })

  it('takes one anchor for thousands of checks', () => {
    const checks = Array.from({ length: 5000 }, (_, n) => `  c${n}: {timeout: 1h, rules: *r}\n`)

    expect(
      faultsOf(`project: P\ndefaults: {rules: &r {repeat: 4h}}\nchecks:\n${checks.join('')}`),
    ).toEqual([])
  })

  it('takes null for no rules', () => {
    expect(faultsWith('rules: {max_runtime: 2h}', 'rules: null')).toEqual([])
  })

  it.each([
    ['in a channel', good.replace('"${KEY}"', '5'), 'secretsecret'],
    ['by a variable', good.replace('30m', '"${KEY}"'), 'secretsecret'],
  ])('keeps values that may be secret to itself: %s', (_, text, secret) => {
    const faults = faultsOf(text, { KEY: secret })

    expect(faults).not.toEqual([])
    expect(faults.join()).not.toContain(secret)
  })

  it('does not let aliases make much of little', () => {
    const levels = Array.from({ length: 9 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x]'
        : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}*a${level - 1}]`,
    )

    const wide = `w: &w [${'x, '.repeat(2000)}]\nu: [${'*w, '.repeat(600)}]`

    expect([levels.join('\n'), wide].map((text) => faultsOf(text))).toEqual([
      ['1:1  says too much by its anchors'],
      ['1:1  says too much by its anchors'],
    ])
  })

  it.each(['', 'null', '[]', '5', 'project'])('that says %j is refused in words', (text) => {
    expect(faultsOf(text)[0]).toMatch(/^1:1 {2}\S/)
  })
})

describe('the files that the documents show', () => {
  it.each(['as-code.md', 'apply.md'])('have no faults: %s', (page) => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8')
    const files = [...text.matchAll(/```yaml\n([^]*?)```/g)]
      .map(([, file = '']) => file)
      .filter((file) => /^project:/m.test(file))

    expect(files.map((file) => faultsOf(file, { PAGERDUTY_KEY: KEY }))).toEqual([[]])
  })
})

describe('the JSON schema that editors hold a file against', () => {
  const schema = async () => {
    const terminal = makeTerminal()
    await runCommand(['apply', '--schema'], terminal)
    return z.fromJSONSchema(JSON.parse(terminal.seen().out) as z.core.JSONSchema.JSONSchema)
  }

  it('takes what apply takes', async () => {
    expect((await schema()).safeParse(parse(good))).toMatchObject({ success: true })
  })

  it.each([
    ['a slip in a name', 'grace:', 'grase:'],
    ['a text for a list', '[prod], rules', 'prod, rules'],
    ['a kind that is none', 'kind: email', 'kind: mail'],
    ['a slug that is none', '  nightly:', '  Nightly:'],
  ])('does not take %s', async (_, before, after) => {
    expect((await schema()).safeParse(parse(good.replace(before, after))).success).toBe(false)
  })
})
