import { beforeEach, describe, expect, it } from 'vitest'
import { faultShape, Faults } from '../../../../lib/local/services/faults.ts'

const call = { service: 'dynamodb', operation: 'UpdateItem', caller: 'ping', input: {} } as const

let faults: Faults
beforeEach(() => {
  faults = new Faults()
})

const meets = (resources: readonly string[] = ['Heartbeats']) =>
  faults.meet(call, resources) !== undefined

describe('a fault', () => {
  it.each([
    [{}, true],
    [{ operation: 'UpdateItem', resource: 'Heartbeats', function: 'ping' }, true],
    [{ operation: 'GetItem' }, false],
    [{ resource: 'Journal' }, false],
    [{ function: 'sweep' }, false],
    [{ service: 'ses' as const }, false],
  ])('of %j is met: %s', (which, expected) => {
    faults.add([{ service: 'dynamodb', error: 'InternalServerError', ...which }])

    expect(meets()).toBe(expected)
  })

  it('is met as often as it says', () => {
    faults.add([{ service: 'dynamodb', error: 'InternalServerError', times: 2 }])

    expect([meets(), meets(), meets()]).toEqual([true, true, false])
  })

  it('is met about as likely as it says', () => {
    faults.add([{ service: 'dynamodb', error: 'InternalServerError', probability: 0.5 }])

    const met = Array.from({ length: 1000 }, () => meets()).filter(Boolean).length

    expect(met).toBeGreaterThan(350)
    expect(met).toBeLessThan(650)
  })

  it('is gone when all are cleared', () => {
    faults.add([{ service: 'dynamodb', error: 'InternalServerError' }])

    faults.clear()

    expect(meets()).toBe(false)
  })

  it.each([
    {},
    { service: 'sts' },
    { service: 'dynamodb', times: 0 },
    { service: 'dynamodb', probability: 2 },
    { service: 'dynamodb', eror: 'x' },
  ])('is refused as %j', (given) => {
    expect(faultShape.safeParse(given).success).toBe(false)
  })
})
