import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MirroredCheck } from '../../lambdas/mirror/known.ts'
import { rowPlanOf, type PlanTerms } from '../../lambdas/mirror/plan.ts'
import type { SourceRow } from '../../lambdas/mirror/source.ts'
import { aCheck, start } from '../support/builders.ts'

const check = aCheck({ managedBy: 'source', channelIds: ['c1'] })
const row: SourceRow = { uuid: check.id, project: 'shop', name: check.name, timeout: 3600 }
const absent: MirroredCheck = { kind: 'absent', version: 0, buried: undefined }
const terms: PlanTerms = {
  projectIds: new Map([
    ['shop', check.projectId],
    ['shed', 'another project'],
  ]),
  channelsOf: () => [
    { id: 'c2', name: 'ops' },
    { id: 'c1', name: 'dba' },
  ],
  origin: () => ({ createdAt: start, badgeKey: 'badge' }),
}

function known(fields: Partial<typeof check> = {}): MirroredCheck {
  return { kind: 'check', check: { ...check, ...fields } }
}

function plan(said: SourceRow | undefined, of: MirroredCheck) {
  return rowPlanOf(said, of, terms)
}

describe('what the source says', () => {
  it('is kept where the registry says it, too', () => {
    expect(plan({ ...row, channels: 'dba' }, known())).toEqual({ kind: 'keep' })
  })

  it('changes the check where it differs, and takes it over', () => {
    const { managedBy: _, ...own } = check

    expect(plan({ ...row, grace: 60 }, known())).toMatchObject({
      kind: 'change',
      before: check,
      after: { ...check, graceSeconds: 60 },
    })
    expect(plan(row, { kind: 'check', check: own })).toMatchObject({ after: check })
  })

  it('makes the check, which tells all channels unless it names some', () => {
    expect(plan(row, absent)).toMatchObject({
      kind: 'create',
      check: { id: check.id, version: 1, badgeKey: 'badge', channelIds: ['c1', 'c2'] },
    })
    expect(plan({ ...row, channels: 'ops' }, absent)).toMatchObject({
      check: { channelIds: ['c2'], managedBy: 'source' },
    })
  })

  it('makes a check again with a later version than what the deleted one has left', () => {
    const buried = { version: 4 }

    expect(plan(row, { kind: 'absent', version: 4, buried })).toMatchObject({
      check: { version: 5 },
      buried,
    })
  })

  it('deletes what it has made, and nothing else', () => {
    const { managedBy: _, ...own } = check

    expect(plan(undefined, known())).toEqual({ kind: 'delete', check })
    expect(plan(undefined, { kind: 'check', check: own })).toEqual({ kind: 'keep' })
    expect(plan(undefined, known({ managedBy: 'apply:shop' }))).toEqual({ kind: 'keep' })
    expect(plan(undefined, known({ projectId: 'not attached' }))).toEqual({ kind: 'keep' })
    expect(plan(undefined, absent)).toEqual({ kind: 'keep' })
  })

  it('moves a check by deleting it where it was', () => {
    expect(plan({ ...row, project: 'shed' }, known())).toEqual({ kind: 'delete', check })
  })

  it.each([
    ['a project that nobody attached', { project: 'x' }, known(), 'is of a project that is not'],
    ['a channel that is not there', { channels: 'x' }, known(), 'names a channel that the project'],
    ['a bad schedule', { schedule: 'x' }, known(), 'schedule is not a valid cron'],
    [
      'a check of another project',
      { project: 'shed' },
      known({ managedBy: 'apply:x' }),
      'has the UUID of a check of another project',
    ],
    [
      'a check of a file',
      {},
      known({ managedBy: 'apply:x' }),
      'has the UUID of a check that is managed by apply:x',
    ],
    ['a check that is broken', {}, { kind: 'unreadable' }, 'has a check that the registry cannot'],
  ] as const)('is refused where it is about %s', (_what, fields, of, words) => {
    const refused = plan({ ...row, ...fields }, of)

    expect(refused).toMatchObject({
      kind: 'refuse',
      words: expect.stringContaining(words) as string,
    })
  })

  it('comes to nothing more once it is done', () => {
    fc.assert(
      fc.property(rows, (said) => {
        const first = plan(said, absent)
        if (first.kind !== 'create') return expect.unreachable()

        expect(plan(said, { kind: 'check', check: first.check })).toEqual({ kind: 'keep' })
      }),
    )
  })

  it('is the same whatever the registry said before', () => {
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        const all = { ...other, ...one }
        const made = plan({ ...other, channels: 'ops', rules: '{}' }, absent)
        const wanted = plan(all, absent)
        if (made.kind !== 'create' || wanted.kind !== 'create') return expect.unreachable()

        const changed = plan(all, { kind: 'check', check: made.check })

        const { after = made.check } = changed.kind === 'change' ? changed : {}
        const { channelIds: _, ...said } = wanted.check
        expect(after).toMatchObject(said)
      }),
    )
  })
})

const rows = fc
  .record(
    {
      name: fc.option(fc.constantFrom('', 'backup', 'é')),
      tags: fc.option(fc.constantFrom('', 'a', 'a b')),
      grace: fc.option(fc.integer({ min: 60, max: 9999 })),
      tz: fc.option(fc.constantFrom('UTC', 'Europe/Berlin')),
      manual_resume: fc.option(fc.constantFrom(0, 1, true, false)),
      start_kw: fc.option(fc.constantFrom('', 'START')),
      schedule: fc.option(fc.constantFrom('* * * * *', '5 4 * * mon')),
    },
    { requiredKeys: [] },
  )
  .map((fields): SourceRow => ({ ...row, ...fields }))
