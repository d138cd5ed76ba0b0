import { describe, expect, it } from 'vitest'
import { lookupOf } from '../../../lambdas/domain/watching/lookup.ts'
import { aCheck } from '../../support/builders.ts'

const { filters } = aCheck()

describe('what pings look up of a check', () => {
  it('is its version alone while it has neither a slug nor rules on bodies', () => {
    expect(lookupOf(aCheck({ version: 3 }), 'key')).toEqual({ version: 3 })
  })

  it('is its slug, below the ping key of its project', () => {
    expect(lookupOf(aCheck({ slug: 'backup' }), 'key').alias).toEqual({
      pingKey: 'key',
      slug: 'backup',
    })
    expect(lookupOf(aCheck({ slug: 'backup' }), undefined)).not.toHaveProperty('alias')
  })

  it('is its keywords once they are to be looked for in HTTP bodies', () => {
    const keywords = {
      ...filters,
      successKeywords: 'OK',
      defaultFail: true,
      subject: true,
      body: true,
    }

    expect(lookupOf(aCheck({ filters: keywords }), 'key')).not.toHaveProperty('bodyRules')
    expect(lookupOf(aCheck({ filters: { ...keywords, httpBody: true } }), 'key').bodyRules).toEqual(
      {
        startKeywords: '',
        successKeywords: 'OK',
        failureKeywords: '',
        defaultFail: true,
      },
    )
  })

  it('is its keywords, and where to look for them, once they are to be looked for in mails', () => {
    const keywords = { ...filters, startKeywords: 'GO', subject: true, httpBody: false }

    expect(lookupOf(aCheck({ filters: keywords }), 'key')).toEqual({
      version: 1,
      mailRules: {
        startKeywords: 'GO',
        successKeywords: '',
        failureKeywords: '',
        defaultFail: false,
        subject: true,
        body: false,
      },
    })
    expect(
      lookupOf(aCheck({ filters: { ...filters, body: true } }), 'key').mailRules,
    ).toMatchObject({ subject: false, body: true })
    expect(lookupOf(aCheck({ filters: { ...filters, httpBody: true } }), 'key')).not.toHaveProperty(
      'mailRules',
    )
  })
})
