import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { runCommand } from '../../../bin/operate/command.ts'
import { formOf, kindNames } from '../../../lambdas/channels/kinds.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { countedWrites } from '../../support/counted-writes.ts'
import { makeServedApi } from '../../support/served-api.ts'
import { exampleOfKind } from '../../support/services.ts'
import { makeTerminal } from '../../support/terminal.ts'

const { api, served, folder, stop } = await makeServedApi()
const writes = countedWrites(api.engine.database)

afterAll(stop)
afterEach(() => vi.unstubAllEnvs())

const seconds = (min: number, max: number) => fc.integer({ min, max })
const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.constantFrom(
      '',
      '${NAME}',
      '$${',
      'yes',
      'null',
      '5',
      '1.50',
      '- a',
      'a: b',
      '# no',
      "it's",
    ),
  )
const aName = anyText(30).filter((name) => name !== '' && name.isWellFormed())
const tags = fc.array(fc.stringMatching(/^[a-z$\-:{}#*&!]{1,8}$/), { maxLength: 4 })
const keywords = fc
  .array(fc.stringMatching(/^[a-z$]{1,4}( [a-z]{1,4})?$/), { maxLength: 3 })
  .map((words) => words.join(','))
const times = fc.oneof(
  fc.record({ timeout: seconds(60, 31_536_000) }),
  fc.record({
    schedule: fc.constantFrom('30 3 * * *', '*/5 * * * *', 'Mon *-*-* 04:00', '0 0 29 2 *'),
    tz: fc.constantFrom('UTC', 'Europe/Riga', 'America/New_York'),
  }),
)

/** A check as the API takes one; of channels and checks it names those of these places. */
const aCheck = fc.record({
  fields: fc.record({
    name: anyText(40).filter((name) => name.isWellFormed()),
    desc: anyText(60).filter((desc) => desc.isWellFormed()),
    tags: tags.map((words) => words.join(' ')),
    grace: seconds(60, 31_536_000),
    methods: fc.constantFrom('', 'POST'),
    manual_resume: fc.boolean(),
    start_kw: keywords,
    success_kw: keywords,
    failure_kw: keywords,
    filter_subject: fc.boolean(),
    filter_body: fc.boolean(),
    filter_http_body: fc.boolean(),
    filter_default_fail: fc.boolean(),
  }),
  times,
  rules: fc.record(
    {
      max_runtime: seconds(1, 100_000),
      min_runtime: seconds(1, 100_000),
      most_pings: fc.record({ count: seconds(1, 100), seconds: seconds(60, 604_800) }),
      failures: fc.record({ count: seconds(1, 10) }),
      successes: seconds(1, 20),
      repeat: seconds(300, 2_592_000),
    },
    { requiredKeys: [] },
  ),
  channels: fc.uniqueArray(seconds(0, 3), { maxLength: 3 }),
  escalated: fc.uniqueArray(seconds(0, 3), { maxLength: 2 }),
  parents: fc.uniqueArray(seconds(0, 5), { maxLength: 2 }),
})
const aChannel = fc.record({
  name: aName,
  kind: fc.constantFrom(...kindNames()),
  on: fc.uniqueArray(fc.constantFrom('down', 'up', 'still-down'), { minLength: 1 }),
})
const aWindow = fc.record({
  name: aName,
  seconds: seconds(60, 86_400),
  tags: tags.map((words) => words.join(' ')),
  times: fc.oneof(
    fc.record({ start: fc.constantFrom('2027-01-01T00:00:00+00:00', '2027-06-30T23:59:59+03:00') }),
    fc.constant({ schedule: '0 2 * * SUN', tz: 'Europe/Riga' }),
  ),
})
const aProject = fc.record({
  // In the order in which a file has them, and their secrets.
  channels: fc
    .uniqueArray(aChannel, { minLength: 4, maxLength: 6, selector: ({ name }) => name })
    .map((all) => all.toSorted((one, other) => (one.name < other.name ? -1 : 1))),
  checks: fc.array(aCheck, { maxLength: 6 }),
  windows: fc.uniqueArray(aWindow, { maxLength: 3, selector: ({ name }) => name }),
})
type WantedProject = typeof aProject extends fc.Arbitrary<infer Wanted> ? Wanted : never

async function post(project: CreatedProject, path: string, json: object): Promise<string> {
  const { status, json: answer } = await api.call('POST', `/api/v3/${path}/`, {
    key: project.apiKey,
    json,
  })
  expect([status, answer]).toEqual([201, answer])
  const { uuid, id = '' } = answer as { readonly uuid?: string; readonly id?: string }
  return uuid ?? id
}

/** Makes it by the API. @returns the secrets of its channels, in order */
async function make(project: CreatedProject, { channels, checks, windows }: WantedProject) {
  const secrets: string[] = []
  const ids: string[] = []
  for (const [index, { name, kind, on }] of channels.entries()) {
    const example = { ...exampleOfKind(kind), ...unlike(kind, index) }
    ids.push(await post(project, 'channels', { ...example, kind, name, on }))
    for (const field of formOf(kind).secrets ?? [])
      if (field in example) secrets.push(String(example[field as keyof typeof example]))
  }
  const uuids: string[] = []
  for (const [index, check] of checks.entries()) {
    const { fields, times: when, rules, channels: told, escalated, parents } = check
    const named = (places: readonly number[]) => places.map((place) => ids[place]).join(',')
    const known = parents.flatMap((place) => uuids[place] ?? [])
    uuids.push(
      await post(project, 'checks', {
        ...fields,
        ...when,
        slug: `job-${index}`,
        channels: named(told),
        rules: {
          ...rules,
          ...(escalated.length > 0 && { escalate: [{ after: 3600, channels: named(escalated) }] }),
          ...(known.length > 0 && { depends_on: known }),
        },
      }),
    )
  }
  for (const { name, times: when, ...rest } of windows)
    await post(project, 'windows', { name, ...when, ...rest })
  return secrets
}

/** Each address gets one link only. */
function unlike(kind: string, index: number): object {
  return kind === 'email' ? { address: `${api.random.uuid()}-${index}@example.com` } : {}
}

async function overdue(project: CreatedProject, ...args: readonly string[]) {
  vi.stubEnv('OVERDUE_URL', served.url)
  vi.stubEnv('OVERDUE_API_KEY', project.apiKey)
  const terminal = makeTerminal()
  const status = await runCommand(args, terminal)
  return { status, ...terminal.seen() }
}

it('writes a project so that another becomes the same by it', async () => {
  const file = join(folder, 'project.yaml')
  const save = async (project: CreatedProject, to: string) => {
    rmSync(to, { force: true })
    const args = ['export', '--yaml', '--project', 'Saved', '--out', to, '--json']
    const { out } = await overdue(project, ...args)
    const { variables } = JSON.parse(out) as { readonly variables: readonly string[] }
    return { text: readFileSync(to, 'utf8'), variables }
  }
  await fc.assert(
    fc.asyncProperty(aProject, async (wanted) => {
      const [one, other] = [await api.project(), await api.project()]
      const secrets = await make(one, wanted)
      api.time.now += 600_000

      const { text, variables } = await save(one, file)
      for (const [index, variable] of variables.entries())
        vi.stubEnv(variable, secrets[index] ?? '')
      const adopted = await overdue(one, 'apply', '-f', file, '--adopt')
      const before = writes()
      const again = await overdue(one, 'apply', '-f', file)
      const written = writes() - before
      const taken = await overdue(other, 'apply', '-f', file)

      expect(secrets).toHaveLength(variables.length)
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
      expect(adopted).toMatchObject({ status: 0 })
      expect(changedFields(adopted.out)).toEqual(new Set(['managed_by none → apply:Saved']))
      expect(again.out).toContain('Nothing to do')
      expect(written).toBe(0)
      expect(taken).toMatchObject({ status: 0 })
      const { text: kept } = await save(other, join(folder, 'other.yaml'))
      expect(withoutFirstChannels(kept)).toEqual(withoutFirstChannels(text))
      vi.unstubAllEnvs()
    }),
    { numRuns: 25 },
  )
}, 120_000)

/** What the lines of a plan say that change something. */
function changedFields(plan: string): ReadonlySet<string> {
  return new Set(
    plan
      .split('\n')
      .filter((line) => /^[~+-]/.test(line))
      .map((line) => line.replace(/^.*: (?=managed_by)/, '')),
  )
}

/** Without the channels with which projects begin: they go by their addresses. */
function withoutFirstChannels(text: string): unknown {
  const { channels, ...others } = parse(text) as {
    readonly channels: Readonly<Record<string, { readonly address?: string }>>
  }
  const named = Object.entries(channels).filter(([name, { address }]) => name !== address)
  return { ...others, channels: Object.fromEntries(named) }
}
