import { describe, expect, it } from 'vitest'
import { resolve, type IntrinsicScope } from '../../../../lib/local/template/intrinsics.ts'

const scope: IntrinsicScope = {
  ref: (id) => `<${id}>`,
  attribute: (id, name) => `<${id}.${name}>`,
  condition: (name) =>
    name === 'Yes' ? { 'Fn::Equals': ['a', 'a'] } : { 'Fn::Not': [{ Condition: 'Yes' }] },
}

describe('a value of a template', () => {
  it.each([
    ['plain', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
    ['a reference', { Ref: 'Table' }, '<Table>'],
    ['an attribute', { 'Fn::GetAtt': ['Table', 'Arn'] }, '<Table.Arn>'],
    ['an attribute in one text', { 'Fn::GetAtt': 'Nested.Outputs.Arn' }, '<Nested.Outputs.Arn>'],
    ['joined', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-<B>-3'],
    [
      'selected from a split',
      { 'Fn::Select': ['2', { 'Fn::Split': ['/', 'https://host/path'] }] },
      'host',
    ],
    ['substituted', { 'Fn::Sub': 'a-${B}-${C.Arn}-${!D}' }, 'a-<B>-<C.Arn>-${D}'],
    ['substituted with its own', { 'Fn::Sub': ['${Own}-${B}', { Own: { Ref: 'X' } }] }, '<X>-<B>'],
    ['one of two', [{ 'Fn::If': ['Yes', 1, 2] }, { 'Fn::If': ['No', 1, 2] }], [1, 2]],
    ['deep inside', { a: [{ b: { Ref: 'C' } }] }, { a: [{ b: '<C>' }] }],
  ])('is resolved when it is %s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected)
  })

  it('leaves out what has no value', () => {
    const none = { Ref: 'AWS::NoValue' }

    expect(resolve({ a: none, b: [none, 1], c: { 'Fn::If': ['No', 1, none] } }, scope)).toEqual({
      b: [1],
    })
  })

  it('may have a property that is called Condition', () => {
    const statement = { Condition: { StringEquals: { 'aws:x': { Ref: 'Y' } } } }

    expect(resolve(statement, scope)).toEqual({ Condition: { StringEquals: { 'aws:x': '<Y>' } } })
  })

  it('is refused when it takes a function that is not played', () => {
    expect(() => resolve({ 'Fn::FindInMap': ['a', 'b', 'c'] }, scope)).toThrow(
      "does not know the template's function Fn::FindInMap",
    )
  })
})
