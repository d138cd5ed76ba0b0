import { beforeEach, describe, expect, it } from 'vitest'
import { runBench } from '../../bench/command.ts'
import type { Figure, Row } from '../../bench/figure.ts'
import { readRows } from '../../bench/rows.ts'
import type { RowFigures } from '../../bench/table.ts'

const kept: RowFigures[] = []
let [out, said] = ['', '']
const deps = {
  keep: (measured: RowFigures) => void kept.push(measured),
  answer: (text: string) => void (out += `${text}\n`),
  tell: (line: string) => void (said += `${line}\n`),
}

const good = aRow('writes', { name: 'writes', unit: 'units', value: 1, target: { atMost: 1 } })
const slow = aRow('time', {
  name: 'ratio',
  unit: '×',
  value: 0.75,
  spread: [0.5, 1],
  target: { atMost: 0.5 },
})
const plain = aRow('other', { name: 'seconds', unit: 's', value: 12 })

describe('npm run bench', () => {
  beforeEach(() => {
    kept.length = 0
    out = said = ''
  })

  it('measures all rows in one table, keeps them, and says which target is met', async () => {
    expect(await runBench([], { ...deps, rows: [good, plain] })).toBe(0)

    expect(out.trimEnd().split('\n')).toEqual([
      'row     figure   value       spread  target  met?',
      'writes  writes   1.00 units          ≤ 1.00  yes',
      'other   seconds  12.0 s',
    ])
    expect(kept.map(({ row }) => row)).toEqual(['writes', 'other'])
  })

  it('exits with 1 when a target is missed', async () => {
    expect(await runBench(['time'], { ...deps, rows: [good, slow] })).toBe(1)

    expect(out).toContain('time  ratio   0.75 ×  0.50 – 1.00  ≤ 0.50  NO')
    expect(kept).toHaveLength(1)
  })

  it('goes on after a row that fails, and exits with 1', async () => {
    const broken: Row = {
      name: 'broken',
      help: '',
      measure: () => Promise.reject(new Error('no engine')),
    }

    expect(await runBench([], { ...deps, rows: [broken, good] })).toBe(1)

    expect(said).toContain('broken could not be measured: Error: no engine')
    expect(kept.map(({ row }) => row)).toEqual(['writes'])
  })

  it('names the rows there are when it does not know one, and measures none', async () => {
    expect(await runBench(['writes', 'wrties'], { ...deps, rows: [good, slow] })).toBe(2)

    expect(said).toContain('there is no row wrties; the rows are writes, time')
    expect(kept).toEqual([])
  })

  it('lists the rows', async () => {
    expect(await runBench(['--list'], { ...deps, rows: [good, slow] })).toBe(0)

    expect(out).toBe('writes  measures writes\ntime    measures time\n')
    expect(kept).toEqual([])
  })

  it('prints JSON, with the progress beside it', async () => {
    await runBench(['--json', 'writes'], { ...deps, rows: [good] })

    expect(JSON.parse(out)).toEqual([
      {
        row: 'writes',
        figures: [{ name: 'writes', unit: 'units', value: 1, target: { atMost: 1 } }],
      },
    ])
    expect(said).toBe('writes: half way\n')
  })

  it('finds its rows by their files', async () => {
    for (const { name, help } of await readRows()) {
      expect(name).toMatch(/^[a-z-]+$/)
      expect(help).not.toBe('')
    }
  })
})

function aRow(name: string, ...figures: readonly Figure[]): Row {
  const measure: Row['measure'] = (progress) => {
    progress('half way')
    return Promise.resolve(figures)
  }
  return { name, help: `measures ${name}`, measure }
}
