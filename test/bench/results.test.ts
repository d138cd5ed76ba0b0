import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keepIn, type Results } from '../../bench/results.ts'

describe('results', () => {
  it('keep the last figures of each row, with when and on what they were measured', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'overdue-bench-')), 'results.json')

    keepIn(file, { row: 'sync', figures: [aFigure(1)] })
    keepIn(file, { row: 'bill', figures: [aFigure(2)] })
    keepIn(file, { row: 'sync', figures: [aFigure(3)] })

    const kept = JSON.parse(readFileSync(file, 'utf8')) as Results
    expect(Object.keys(kept)).toEqual(['bill', 'sync'])
    expect(kept['sync']).toMatchObject({ node: process.version, figures: [{ value: 3 }] })
    expect(Date.parse(kept['sync']?.date ?? '')).toBeGreaterThan(Date.parse('2026-01-01'))
  })
})

function aFigure(value: number) {
  return { name: 'writes', unit: 'units', value }
}
