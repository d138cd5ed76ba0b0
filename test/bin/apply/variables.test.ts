import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillVariables, withoutVariables } from '../../../bin/operate/apply/variables.ts'

const variables = { OVERDUE_API_KEY: 'hcw', NAME: 'value', _A1: '${NAME}' }

describe('variables in a file', () => {
  it.each([
    ['${NAME}', 'value'],
    ['a ${NAME} and ${NAME}', 'a value and value'],
    ['${_A1}', '${NAME}'],
    ['$NAME', '$NAME'],
    ['$${NAME}', '${NAME}'],
    ['$$${NAME}', '$${NAME}'],
    ['$${', '${'],
    ['{NAME}', '{NAME}'],
    ['cost: 5$', 'cost: 5$'],
  ])('reads %s as %s', (text, value) => {
    expect(fillVariables(text, variables)).toEqual({ value, faults: [] })
  })

  it.each([
    ['${OTHER}', 'takes the variable OTHER, which is not set'],
    [
      '${not-plain}',
      'has a variable without a plain name in braces; write $${ for a dollar and a brace',
    ],
    ['${OVERDUE_API_KEY}', 'takes the variable OVERDUE_API_KEY, a key that no file may have'],
    ['${', 'has a variable without a plain name in braces; write $${ for a dollar and a brace'],
  ])('does not take %s', (text, words) => {
    expect(fillVariables({ list: [1, text] }, variables).faults).toEqual([
      { path: ['list', 1], words },
    ])
  })

  it('leaves names of fields, and what is no text, alone', () => {
    const value = { '${NAME}': 5, list: [true, null] }

    expect(fillVariables(value, variables)).toEqual({ value, faults: [] })
  })

  it('can be kept out of any text', () => {
    const text = fc.string({ unit: fc.constantFrom('$', '{', '}', 'N', ' ') })
    fc.assert(
      fc.property(text, (any) => {
        expect(fillVariables(withoutVariables(any), {})).toEqual({ value: any, faults: [] })
      }),
    )
  })
})
