import { describe, expect, it } from 'vitest'
import { readRow } from '../../lambdas/mirror/row.ts'
import type { SourceRow } from '../../lambdas/mirror/source.ts'

const uuid = '11111111-1111-4111-8111-111111111111'
const least: SourceRow = { uuid, project: 'shop', timeout: 3600 }

function changeOf(row: SourceRow) {
  return readRow({ ...least, ...row }).change
}

describe('a row of the source', () => {
  it('needs a UUID, a project and a schedule, and says nothing of the rest', () => {
    expect(readRow(least)).toEqual({
      id: uuid,
      project: 'shop',
      change: {
        schedule: { kind: 'simple', periodSeconds: 3600 },
        filters: {},
        isSlugDerived: false,
      },
    })
  })

  it.each([
    ['UUIDs in capitals', { uuid: uuid.toUpperCase() }, { id: uuid }],
    ['ids of projects that are numbers', { project: 17 }, { project: '17' }],
    ['all channels', { channels: '*' }, { channels: 'all' }],
    ['channels by name', { channels: 'ops,dba' }, { channels: ['ops', 'dba'] }],
    ['no channel', { channels: '' }, { channels: [] }],
  ])('takes %s', (_what, row, said) => {
    expect(readRow({ ...least, ...row })).toMatchObject(said)
  })

  it.each([
    ['texts', { name: 'n', description: 'd', tags: 'a b' }, { name: 'n', description: 'd' }],
    ['numbers as texts, as of bigint', { grace: '120' }, { graceSeconds: 120 }],
    ['0 and 1 as booleans', { manual_resume: 1 }, { manualResume: true }],
    ['bits as booleans', { manual_resume: Buffer.from([1]) }, { manualResume: true }],
    ['booleans', { filter_body: true }, { filters: { body: true } }],
    [
      'a cron expression rather than a timeout',
      { schedule: '5 4 * * *', tz: 'Europe/Berlin' },
      { schedule: { kind: 'cron', expression: '5 4 * * *' }, timeZone: 'Europe/Berlin' },
    ],
    ['rules as an object', { rules: { repeat: 3600 } }, { rules: { repeatSeconds: 3600 } }],
    ['rules as JSON', { rules: '{"repeat":3600}' }, { rules: { repeatSeconds: 3600 } }],
    [
      'NULL as what a new check has',
      { name: null, grace: null, tz: null, filter_body: null },
      { name: '', graceSeconds: 3600, timeZone: 'UTC', filters: { body: false } },
    ],
  ])('takes %s', (_what, row, change) => {
    expect(changeOf(row)).toMatchObject(change)
  })

  it('leaves channels and rules to Overdue where they are NULL', () => {
    const said = readRow({ ...least, channels: null, rules: null })

    expect(said).not.toHaveProperty('channels')
    expect(said.change).not.toHaveProperty('rules')
  })

  it.each([
    [{ uuid: 'x' }, 'uuid is no UUID'],
    [{ uuid: null }, 'uuid is no UUID'],
    [{ uuid: `A${'a'.repeat(7)}${uuid.slice(8)}` }, 'uuid has small and capital letters'],
    [{ project: null }, 'project is not a text of 1–200 characters'],
    [{ project: 'p'.repeat(201) }, 'project is not a text of 1–200 characters'],
    [{ timeout: null }, 'schedule is missing, and so is timeout'],
    [{ timeout: 59 }, 'timeout is too small'],
    [{ timeout: 90.5 }, 'timeout is not a number'],
    [{ schedule: '61 * * * *' }, 'schedule is not a valid cron or OnCalendar expression'],
    [{ tz: 'Europe/Nowhere' }, 'tz is not a valid timezone'],
    [{ name: 'n'.repeat(101) }, 'name is too long'],
    [{ slug: 'Not A Slug' }, 'slug does not match pattern'],
    [{ manual_resume: 'maybe' }, 'manual_resume is not a boolean'],
    [{ rules: '{' }, 'rules is no JSON'],
    [{ rules: `"${'x'.repeat(20_000)}"` }, 'rules is too long'],
    [{ rules: { ['x'.repeat(20_000)]: 1 } }, 'rules is too long'],
    [{ channels: 'c'.repeat(10_001) }, 'channels is too long'],
    [{ rules: '{"repat":1}' }, 'rules.repat is not known'],
  ])('is refused by the name of the field: %j', (row, words) => {
    expect(() => readRow({ ...least, ...row })).toThrow(words)
  })
})
