import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../../lambdas/runtime/database.ts'
import { HeartbeatLists } from '../../../lambdas/store/watching/heartbeat-lists.ts'
import { definitionOf } from '../../../lambdas/domain/watching/check.ts'
import { aCheck } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const COUNT = 40
const ids = Array.from({ length: COUNT }, () => randomUUID())
let tables: TestEngine

/** The heartbeats over a database that counts what is asked of it, and may pretend to be large. */
function counted(pages?: Database['rawScan']) {
  const { database, names } = tables
  const rawScan = vi.fn(pages ?? ((scan) => database.rawScan(scan)))
  const getSome = vi.fn((table: string, keys: Parameters<Database['getSome']>[1]) =>
    database.getSome(table, keys),
  )
  const heartbeats = new HeartbeatLists({ ...database, rawScan, getSome }, names.Heartbeats)
  return { heartbeats, rawScan, getSome }
}

/** So many heartbeats of others before those of the table. */
function behind(others: number): Database['rawScan'] {
  return async function* (scan) {
    yield Array.from({ length: others }, (_, index) => ({ id: { S: `other-${index}` } }))
    yield* tables.database.rawScan(scan)
  }
}

describe('the heartbeats of a list', () => {
  beforeAll(async () => {
    tables = await makeTables()
    const heartbeats = new HeartbeatLists(tables.database, tables.names.Heartbeats)
    for (const id of ids) await heartbeats.define(id, definitionOf(aCheck({ id })))
  })

  it('come by one scan, those of others left out', async () => {
    const { heartbeats, rawScan, getSome } = counted()

    const found = await heartbeats.readList(ids.slice(1), true)

    expect([...found.keys()].toSorted()).toEqual(ids.slice(1).toSorted())
    expect(rawScan).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ isCurrent: true }))
    expect(getSome).not.toHaveBeenCalled()
  })

  it('come without those that there are not', async () => {
    expect((await counted().heartbeats.readList([ids[0] ?? '', randomUUID()], true)).size).toBe(1)
  })

  it('come by their keys where a scan costs more, which is found out once', async () => {
    const { heartbeats, rawScan, getSome } = counted(behind(1000))

    for (const list of [1, 2, 3])
      expect((await heartbeats.readList(ids, false)).size, `list ${list}`).toBe(COUNT)

    expect(rawScan).toHaveBeenCalledOnce()
    expect(getSome).toHaveBeenCalledTimes(3)
  })

  it('come by a scan again after many lists', async () => {
    const { heartbeats, rawScan, getSome } = counted(behind(1000))
    getSome.mockResolvedValue([])

    for (let list = 0; list < 1002; list += 1) await heartbeats.readList(['a', 'b'], false)

    expect(rawScan).toHaveBeenCalledTimes(2)
  })
})
