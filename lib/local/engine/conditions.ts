import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unknownToModel } from './failures.ts'
import {
  cached,
  type Expression,
  type Operand,
  pathOf,
  pathOrValueOf,
  type Scope,
} from './operands.ts'
import { Tokens } from './tokens.ts'
import { compareValues, isSame } from './values.ts'

export type Condition = (scope: Scope) => boolean

export const conditionOf = cached((text) => parsed('ConditionExpression', text))
export const filterOf = cached((text) => parsed('FilterExpression', text))

function parsed(kind: string, text: string): Expression<Condition> {
  const tokens = new Tokens(kind, text)
  const run = disjunction(tokens)
  tokens.end()
  return { run, names: tokens.names, values: tokens.values }
}

function disjunction(tokens: Tokens): Condition {
  const all = separated(tokens, 'OR', conjunction)
  return (scope) => {
    for (const each of all) if (each(scope)) return true
    return false
  }
}

function conjunction(tokens: Tokens): Condition {
  const all = separated(tokens, 'AND', term)
  return (scope) => {
    for (const each of all) if (!each(scope)) return false
    return true
  }
}

function separated(
  tokens: Tokens,
  word: string,
  parse: (tokens: Tokens) => Condition,
): readonly Condition[] {
  const all = [parse(tokens)]
  while (tokens.accept(word)) all.push(parse(tokens))
  return all
}

function term(tokens: Tokens): Condition {
  if (tokens.accept('NOT')) {
    const inner = term(tokens)
    return (scope) => !inner(scope)
  }
  if (tokens.accept('(')) {
    const inner = disjunction(tokens)
    tokens.expect(')')
    return inner
  }
  const call = calls[tokens.next ?? '']
  return call === undefined ? comparison(tokens) : called(tokens, call)
}

type Call = (tokens: Tokens) => Condition

const calls: Readonly<Record<string, Call>> = {
  attribute_exists: (tokens) => {
    const path = pathOf(tokens)
    return (scope) => scope.item?.[path(scope)] !== undefined
  },
  attribute_not_exists: (tokens) => {
    const path = pathOf(tokens)
    return (scope) => scope.item?.[path(scope)] === undefined
  },
  begins_with: (tokens) =>
    ofTwo(tokens, (one, other) => other.S !== undefined && one.S?.startsWith(other.S) === true),
  contains: (tokens) => ofTwo(tokens, contains),
}

function called(tokens: Tokens, call: Call): Condition {
  tokens.take()
  tokens.expect('(')
  const condition = call(tokens)
  tokens.expect(')')
  return condition
}

function ofTwo(
  tokens: Tokens,
  holds: (one: AttributeValue, other: AttributeValue) => boolean,
): Condition {
  const one = pathOrValueOf(tokens)
  tokens.expect(',')
  const other = pathOrValueOf(tokens)
  return (scope) => {
    const [left, right] = [one(scope), other(scope)]
    return left !== undefined && right !== undefined && holds(left, right)
  }
}

function contains(one: AttributeValue, other: AttributeValue): boolean {
  if (one.S !== undefined) return other.S !== undefined && one.S.includes(other.S)
  if (one.SS !== undefined) return other.S !== undefined && one.SS.includes(other.S)
  return one.L?.some((each) => isSame(each, other)) === true
}

type Comparison = (one: AttributeValue | undefined, other: AttributeValue | undefined) => boolean

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': (one, other) => one !== undefined && isSame(one, other),
  '<>': (one, other) => !isSame(one, other),
  '<': (one, other) => order(one, other) < 0,
  '<=': (one, other) => order(one, other) <= 0,
  '>': (one, other) => order(one, other) > 0,
  '>=': (one, other) => order(one, other) >= 0,
}

/** How two values are ordered; NaN when they are not, so that no comparison holds. */
function order(one: AttributeValue | undefined, other: AttributeValue | undefined): number {
  return one === undefined || other === undefined ? NaN : (compareValues(one, other) ?? NaN)
}

function comparison(tokens: Tokens): Condition {
  return comparisonOf(tokens, pathOrValueOf(tokens))[0]
}

/** Reads the rest of a comparison. Answers with the whole condition, and with its right side. */
export function comparisonOf(tokens: Tokens, one: Operand): readonly [Condition, Operand] {
  const word = tokens.take()
  if (word === '(') throw unknownToModel('this function of a condition')
  if (word.toUpperCase() === 'BETWEEN') return between(one, tokens)
  const holds = comparisons[word]
  if (holds === undefined)
    throw word.toUpperCase() === 'IN' ? unknownToModel('IN') : tokens.mistake(word)
  const other = pathOrValueOf(tokens)
  return [(scope) => holds(one(scope), other(scope)), other]
}

function between(one: Operand, tokens: Tokens): readonly [Condition, Operand] {
  const first = pathOrValueOf(tokens)
  tokens.expect('AND')
  const last = pathOrValueOf(tokens)
  return [
    (scope) => order(one(scope), first(scope)) >= 0 && order(one(scope), last(scope)) <= 0,
    last,
  ]
}
