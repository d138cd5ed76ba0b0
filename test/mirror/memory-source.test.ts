import { describe } from 'vitest'
import { keepsTheContract } from '../source/contract.ts'
import { MemorySource } from '../support/memory-source.ts'

describe('a source in memory', () => {
  const source = new MemorySource()

  keepsTheContract(() => ({
    open: () => Promise.resolve(source),
    write: (uuid, graceSeconds) => {
      const row = { project: 'shop', timeout: 3600, grace: graceSeconds }
      source.write(uuid, graceSeconds === undefined ? undefined : row)
      return Promise.resolve()
    },
  }))
})
