import { describe, expect, it } from 'vitest'
import { isAllowed, type Statement } from '../../../../lib/local/template/policy.ts'

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Heartbeats'
const allow = (Action: Statement['Action'], Resource: Statement['Resource']): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
})

describe('a role', () => {
  it('may do nothing by itself', () => {
    expect(isAllowed([], { action: 'dynamodb:GetItem', resource: table })).toBe(false)
  })

  it.each([
    ['the action on the resource', allow('dynamodb:GetItem', table), true],
    [
      'one of its actions',
      allow(['dynamodb:PutItem', 'dynamodb:getitem'], ['arn:other', table]),
      true,
    ],
    ['a pattern', allow('dynamodb:Get*', 'arn:aws:dynamodb:*:table/Heart?eats'), true],
    ['another action', allow('dynamodb:PutItem', table), false],
    ['another table', allow('dynamodb:GetItem', `${table}2`), false],
    ['an action that begins alike', allow('dynamodb:Get', table), false],
    [
      'a resource with a dot for any character',
      allow('dynamodb:GetItem', table.replace('/', '.')),
      false,
    ],
  ])('is allowed what a statement with %s says', (_, statement, expected) => {
    expect(isAllowed([statement], { action: 'dynamodb:GetItem', resource: table })).toBe(expected)
  })

  it('is denied what any statement denies', () => {
    const deny: Statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }

    expect(
      isAllowed([allow('*', '*'), deny], { action: 'dynamodb:GetItem', resource: table }),
    ).toBe(false)
  })

  it.each([
    ['StringEquals', ['alerts@example.com'], true],
    ['StringEquals', ['other@example.com'], false],
    ['StringEquals', ['Alerts@example.com'], false],
    ['StringEqualsIgnoreCase', ['Alerts@example.com'], true],
    ['StringEqualsIgnoreCase', ['*@example.com'], false],
    ['StringLike', ['*@example.com'], true],
    ['ForAllValues:StringLike', ['a*'], true],
    ['ForAnyValue:StringEquals', ['x', 'alerts@example.com'], true],
  ])('is held to a condition %s %j', (operator, wanted, expected) => {
    const statement: Statement = {
      ...allow('ses:SendEmail', '*'),
      Condition: { [operator]: { 'ses:FromAddress': wanted } },
    }
    const context = { 'ses:FromAddress': ['alerts@example.com'] }

    expect(
      isAllowed([statement], { action: 'ses:SendEmail', resource: 'arn:identity', context }),
    ).toBe(expected)
  })

  it('fails a condition on what is not known of the call', () => {
    const statement: Statement = {
      ...allow('*', '*'),
      Condition: { StringEquals: { 'aws:PrincipalTag/x': 'y' } },
    }

    expect(isAllowed([statement], { action: 'sqs:SendMessage', resource: 'arn:q' })).toBe(false)
  })

  it('calls over TLS, as far as policies are concerned', () => {
    const deny: Statement = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }

    expect(
      isAllowed([allow('*', '*'), deny], { action: 'sqs:SendMessage', resource: 'arn:q' }),
    ).toBe(true)
  })

  it('is not guessed at when a condition is unknown', () => {
    const statement: Statement = {
      ...allow('*', '*'),
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    }

    expect(() => isAllowed([statement], { action: 'sqs:SendMessage', resource: 'arn:q' })).toThrow(
      'does not know the policy condition IpAddress',
    )
  })
})
