import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../lambdas/domain/people/audit.ts'
import { transact } from '../../../lambdas/store/items/transaction.ts'
import { Audits } from '../../../lambdas/store/people/audits.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let audits: Audits

beforeAll(async () => {
  engine = await makeTables()
  audits = new Audits(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

function anEntry(fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    projectId: 'shop',
    at: start,
    requestId: 'request-1',
    actor: { kind: 'user', id: 'u', email: 'ana@example.com' },
    address: '203.0.113.7',
    action: 'check-changed',
    subject: { kind: 'check', id: 'key', name: 'backup' },
    changes: { grace: ['60 s', '120 s'] },
    ...fields,
  }
}

async function written(...entries: readonly AuditEntry[]): Promise<void> {
  for (const entry of entries) await audits.put(entry)
}

describe('Audits', () => {
  it('gives entries of a project back as they were, newest first', async () => {
    const [old, young] = [anEntry(), anEntry({ at: start + 1, actor: { kind: 'operator' } })]
    await written(old, young, anEntry({ projectId: 'other' }))

    expect(await audits.of('shop', { limit: 10 }, start)).toEqual([young, old])
    expect(await audits.of('shop', { limit: 1 }, start)).toEqual([young])
  })

  it('goes on before an entry, also within one instant', async () => {
    const entries = ['a', 'b', 'c'].map((requestId) => anEntry({ projectId: 'paged', requestId }))
    await written(...entries)

    const [first] = await audits.of('paged', { limit: 1 }, start)
    const rest = await audits.of('paged', { limit: 10, ...(first && { before: first }) }, start)

    expect(first?.requestId).toBe('c')
    expect(rest.map(({ requestId }) => requestId)).toEqual(['b', 'a'])
  })

  it('forgets an entry after 400 days', async () => {
    const entry = anEntry({ projectId: 'past' })
    await written(entry)
    const end = start + 400 * 86_400_000

    expect(await audits.of('past', { limit: 1 }, end - 1)).toEqual([entry])
    expect(await audits.of('past', { limit: 1 }, end)).toEqual([])
  })

  it('finds the changes of one check', async () => {
    const subject = { kind: 'check', id: 'other', name: '' } as const
    const [one, other] = [anEntry(), anEntry({ requestId: 'request-2', subject })]
    await written(...[one, other].map((entry) => ({ ...entry, projectId: 'two' })))

    const found = await audits.ofCheck('two', 'key', start)

    expect(found).toEqual([{ ...one, projectId: 'two' }])
  })

  it('is written with a change, or not at all', async () => {
    const entry = anEntry({ projectId: 'whole' })
    const key = { pk: 'nothing', sk: 'there' }
    const refused = {
      check: { table: engine.names.Registry, key, condition: 'attribute_exists(pk)' },
    }

    await transact(engine.database, [refused, audits.write(entry)])
    expect(await audits.of('whole', { limit: 1 }, start)).toEqual([])
    await transact(engine.database, [audits.write(entry)])
    expect(await audits.of('whole', { limit: 1 }, start)).toEqual([entry])
  })
})
