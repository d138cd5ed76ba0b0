import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEngine } from '../../../../lib/local/engine/engine.ts'
import { indexStreamRecords } from '../../../../lib/local/feeds/stream-index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overdue-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it.skipIf(process.env['DYNAMODB_ENDPOINT'])(
  'the engine numbers records by an index, once it has one',
  async () => {
    const path = join(folder, 'data')
    const engine = await startEngine(path)

    indexStreamRecords(path)
    indexStreamRecords(path)

    const database = new DatabaseSync(path, { readOnly: true })
    const query =
      'SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?'
    expect(
      JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${query}`).all('Heartbeats')),
    ).toContain('USING COVERING INDEX stream_order')
    database.close()
    await engine.stop()
  },
)

it('an engine without that file is left alone', () => {
  expect(() => indexStreamRecords(join(folder, 'nothing'))).not.toThrow()
})
