import { describe, expect, it } from 'vitest'
import type { FunctionMeter } from '../../bench/local-stack.ts'
import { callsOf, countsOf } from '../../bench/metered.ts'

const used = { readUnits: 1, writeUnits: 0, errors: 0 }
const meter: FunctionMeter = {
  invocations: 1,
  billedMs: 1,
  calls: {
    'dynamodb.UpdateItem': { Journal: { ...used, count: 3 }, Heartbeats: { ...used, count: 2 } },
    'dynamodb.Query': { Journal: { ...used, count: 4 } },
    'ses.SendEmail': { 'alerts@example.com': { ...used, count: 1 } },
  },
}

describe('countsOf', () => {
  it('adds up what was called of all resources', () => {
    expect(countsOf(meter)).toEqual({
      'dynamodb.UpdateItem': 5,
      'dynamodb.Query': 4,
      'ses.SendEmail': 1,
    })
  })

  it('finds no calls of a function that never ran', () => {
    expect(countsOf(undefined)).toEqual({})
  })
})

describe('callsOf', () => {
  it('adds up the calls of one service', () => {
    expect(callsOf(meter, 'dynamodb')).toBe(9)
  })
})
