import { describe, expect, it } from 'vitest'
import { endOf, fitted } from '../../lambdas/channels/fitting.ts'
import { messageOf } from '../../lambdas/domain/telling/message.ts'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'

const message = messageOf(
  anAlert({
    check: aCheck({ description: 'd'.repeat(300) }),
    lastBody: { pingNumber: 1, tail: `${'b'.repeat(500)}!` },
  }),
  deadline,
)
const sizeOf = (built: object) => JSON.stringify(built).length
const build = (each: typeof message) => each

describe('a message that is fitted', () => {
  it('stays whole where there is room', () => {
    expect(fitted(message, build, () => true)).toEqual(message)
  })

  it('loses the beginning of the body first, as little as it takes', () => {
    const most = sizeOf(message) - 100
    const left = fitted(message, build, (each) => sizeOf(each) <= most)

    expect(sizeOf(left)).toBe(most)
    expect(left.lastBody?.text).toMatch(/^…b+!$/)
    expect(left.description).toBe(message.description)
  })

  it('loses the description when the body is gone, and the name, status and sentence never', () => {
    const most = sizeOf(message) - 700
    const left = fitted(message, build, (each) => sizeOf(each) <= most)

    expect(left.lastBody).toBeUndefined()
    expect(left.description).toMatch(/^d+…$/)
    const { subject, status, summary } = message
    expect(fitted(message, build, (each) => each.facts.length === 0)).toMatchObject({
      ...{ subject, status, summary, description: '', pings: [] },
    })
  })

  it('is none where even these do not fit', () => {
    expect(() => fitted(message, build, () => false)).toThrow('too long')
  })
})

describe('the end of a text', () => {
  it('counts characters, not halves of them', () => {
    expect([endOf('a😀😀', 2), endOf('abc', 3), endOf('abc', 0)]).toEqual(['…😀', 'abc', '…'])
  })
})
