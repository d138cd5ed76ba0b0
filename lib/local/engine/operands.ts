import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { invalid } from './failures.ts'
import { isReserved } from './reserved-words.ts'
import type { Tokens } from './tokens.ts'
import { type StoredItem, keptItem } from './values.ts'

/** What an expression is evaluated with: the item, and the values of placeholders. */
export type Scope = {
  readonly item: StoredItem | undefined
  readonly names: Readonly<Record<string, string>>
  readonly values: StoredItem
}

/** A parsed expression. Like DynamoDB, it knows its placeholders without being evaluated. */
export type Expression<T> = {
  readonly run: T
  readonly names: ReadonlySet<string>
  readonly values: ReadonlySet<string>
}

export type Operand = (scope: Scope) => AttributeValue | undefined
export type Path = (scope: Scope) => string

/** The name of an attribute, or a placeholder for one. */
export function pathOf(tokens: Tokens): Path {
  const word = tokens.take()
  if (word.startsWith('#')) {
    tokens.names.add(word)
    return ({ names }) => names[word] ?? ''
  }
  if (!/^[A-Za-z]\w*$/.test(word)) throw tokens.mistake(word)
  if (isReserved(word))
    throw invalid(`Attribute name is a reserved keyword; reserved keyword: ${word}`)
  return () => word
}

export function valueOf(tokens: Tokens): Operand {
  const word = tokens.take()
  if (!word.startsWith(':')) throw tokens.mistake(word)
  tokens.values.add(word)
  return ({ values }) => values[word]
}

export function pathOrValueOf(tokens: Tokens): Operand {
  if (tokens.next?.startsWith(':') === true) return valueOf(tokens)
  const path = pathOf(tokens)
  return (scope) => scope.item?.[path(scope)]
}

/** Parses each expression once: a program has a few dozen, and evaluates each very often. */
export function cached<T>(parse: (text: string) => Expression<T>): (text: string) => Expression<T> {
  const known = new Map<string, Expression<T>>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const expression = parse(text)
    known.set(text, expression)
    return expression
  }
}

type Placeholders = {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: StoredItem | undefined
}

const none = {}

type Expressions = readonly (Expression<unknown> | undefined)[]

/**
 * What the expressions of one request are evaluated with.
 * @throws as DynamoDB does when a placeholder lacks its value, or a value has no placeholder
 */
export function scopeOf(
  input: Placeholders,
  expressions: Expressions,
  item: StoredItem | undefined,
): Scope {
  const { ExpressionAttributeNames: names = none, ExpressionAttributeValues: values = none } = input
  for (const expression of expressions)
    if (expression !== undefined) checkGiven(expression, names, values)
  if (names !== none) checkUsed('names', names, expressions)
  if (values === none) return { item, names, values }
  checkUsed('values', values, expressions)
  return { item, names, values: keptItem(values) }
}

function checkGiven(expression: Expression<unknown>, names: object, values: object): void {
  for (const name of expression.names) {
    if (!(name in names))
      throw invalid(
        `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      )
  }
  for (const name of expression.values) {
    if (!(name in values))
      throw invalid(
        `An expression attribute value used in expression is not defined; attribute value: ${name}`,
      )
  }
}

function checkUsed(kind: 'names' | 'values', given: object, expressions: Expressions): void {
  const parameter = kind === 'names' ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues'
  let count = 0
  for (const name in given) {
    count += 1
    if (!isUsed(kind, name, expressions))
      throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${name}}`)
  }
  if (count === 0) throw invalid(`${parameter} must not be empty`)
}

function isUsed(kind: 'names' | 'values', name: string, expressions: Expressions): boolean {
  for (const expression of expressions) if (expression?.[kind].has(name) === true) return true
  return false
}
