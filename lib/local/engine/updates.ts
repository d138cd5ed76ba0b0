import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { invalid, unknownToModel } from './failures.ts'
import { differenceOf, sumOf } from './numbers.ts'
import {
  cached,
  type Expression,
  type Operand,
  pathOf,
  type Path,
  type Scope,
  valueOf,
} from './operands.ts'
import { Tokens } from './tokens.ts'
import { kept } from './values.ts'

/** The new value of an attribute, from the item as it was; undefined removes the attribute. */
export type Assignment = { readonly path: Path; readonly value: Operand }

export const updateOf = cached((text): Expression<readonly Assignment[]> => {
  const tokens = new Tokens('UpdateExpression', text)
  const actions: Assignment[] = []
  const seen = new Set<string>()
  while (tokens.next !== undefined) {
    const section = tokens.take().toUpperCase()
    const action = sections[section]
    if (section === 'DELETE') throw unknownToModel('DELETE in an update')
    if (action === undefined) throw tokens.mistake(section)
    if (seen.has(section))
      throw invalid(
        `Invalid UpdateExpression: The "${section}" section can only be used once in an update expression;`,
      )
    seen.add(section)
    do actions.push(action(tokens))
    while (tokens.accept(','))
  }
  return { run: actions, names: tokens.names, values: tokens.values }
})

const sections: Readonly<Record<string, (tokens: Tokens) => Assignment>> = {
  SET: (tokens) => {
    const path = pathOf(tokens)
    tokens.expect('=')
    return { path, value: sum(tokens) }
  },
  ADD: (tokens) => {
    const path = pathOf(tokens)
    const addend = valueOf(tokens)
    return { path, value: (scope) => increased(scope.item?.[path(scope)], addend(scope)) }
  },
  REMOVE: (tokens) => ({ path: pathOf(tokens), value: () => undefined }),
}

function sum(tokens: Tokens): Operand {
  const one = operand(tokens)
  const sign = tokens.next
  if (sign !== '+' && sign !== '-') return one
  tokens.take()
  const other = operand(tokens)
  const count = sign === '+' ? sumOf : differenceOf
  return (scope) => Object.freeze({ N: count(numberIn(one(scope)), numberIn(other(scope))) })
}

function operand(tokens: Tokens): Operand {
  if (tokens.next?.startsWith(':') === true) return valueOf(tokens)
  const path = pathOf(tokens)
  if (tokens.next !== '(') return (scope) => existing(scope, path)
  const name = path({ item: undefined, names: {}, values: {} })
  const call = calls[name]
  if (call === undefined)
    throw invalid(`Invalid UpdateExpression: Invalid function name; function: ${name}`)
  tokens.expect('(')
  const result = call(tokens)
  tokens.expect(')')
  return result
}

const calls: Readonly<Record<string, (tokens: Tokens) => Operand>> = {
  if_not_exists: (tokens) => {
    const path = pathOf(tokens)
    tokens.expect(',')
    const otherwise = operand(tokens)
    return (scope) => scope.item?.[path(scope)] ?? otherwise(scope)
  },
  list_append: (tokens) => {
    const one = operand(tokens)
    tokens.expect(',')
    const other = operand(tokens)
    return (scope) =>
      Object.freeze({
        L: Object.freeze([...listIn(one(scope)), ...listIn(other(scope))]) as AttributeValue[],
      })
  },
}

function existing(scope: Scope, path: Path): AttributeValue {
  const value = scope.item?.[path(scope)]
  if (value === undefined)
    throw invalid('The provided expression refers to an attribute that does not exist in the item')
  return value
}

function increased(
  value: AttributeValue | undefined,
  addend: AttributeValue | undefined,
): AttributeValue {
  if (addend?.SS !== undefined) {
    if (value !== undefined && value.SS === undefined) throw wrongType()
    return kept({ SS: [...new Set([...(value?.SS ?? []), ...addend.SS])] })
  }
  if (addend?.N === undefined) throw wrongOperand('ADD', addend)
  return Object.freeze({ N: value === undefined ? addend.N : sumOf(numberIn(value), addend.N) })
}

function numberIn(value: AttributeValue | undefined): string {
  if (value?.N === undefined) throw wrongType()
  return value.N
}

function listIn(value: AttributeValue | undefined): readonly AttributeValue[] {
  if (value?.L === undefined) throw wrongType()
  return value.L
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type')
}

function wrongOperand(operator: string, value: AttributeValue | undefined): Error {
  const type = Object.keys(value ?? {}).join()
  const what = `operator: ${operator}, operand type: ${type}`
  return invalid(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; ${what}`,
  )
}
