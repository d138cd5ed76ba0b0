import { describe, expect, it } from 'vitest'
import { webhookOutcomeOf } from '../../lambdas/channels/webhook-answer.ts'

const outcomeOf = (status: number, retryAfterSeconds?: number) =>
  webhookOutcomeOf({
    status,
    body: '',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })

describe('the answer of a webhook', () => {
  it.each([200, 201, 202, 204])('%i is success', (status) => {
    expect(outcomeOf(status)).toEqual({ kind: 'sent' })
  })

  it('410 is for good', () => {
    expect(outcomeOf(410)).toEqual({ kind: 'refused', reason: 'received status code 410' })
  })

  it('that no address may be called is for good', () => {
    expect(webhookOutcomeOf('forbidden')).toMatchObject({ kind: 'refused' })
  })

  it.each([203, 206, 304, 400, 401, 404, 429, 500, 503])('%i is tried again', (status) => {
    expect(() => outcomeOf(status)).toThrow(`received status code ${status}`)
  })

  it.each([429, 503])('%i says when to come back', (status) => {
    expect(outcomeOf(status, 0)).toEqual({
      kind: 'postponed',
      seconds: 0,
      reason: `received status code ${status}`,
    })
  })

  it.each([401, 500])('%i has no say in when', (status) => {
    expect(() => outcomeOf(status, 90)).toThrow(`received status code ${status}`)
  })

  it.each([301, 302, 303, 307, 308])('%i is a redirect too many', (status) => {
    expect(() => outcomeOf(status)).toThrow('too many redirects')
  })
})
