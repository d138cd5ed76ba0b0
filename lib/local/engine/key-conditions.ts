import type { Condition } from './conditions.ts'
import { comparisonOf } from './conditions.ts'
import { invalid } from './failures.ts'
import { cached, type Path, pathOf, type Scope, valueOf } from './operands.ts'
import { Tokens } from './tokens.ts'

/** One clause of a key condition. */
type Clause = {
  readonly path: Path
  /** The value that the attribute must have; undefined when the clause is no equation. */
  readonly value: ((scope: Scope) => string | undefined) | undefined
  readonly holds: Condition
}

export const keyConditionOf = cached<readonly Clause[]>((text) => {
  const tokens = new Tokens('KeyConditionExpression', text)
  const clauses = [clause(tokens)]
  while (tokens.accept('AND')) clauses.push(clause(tokens))
  tokens.end()
  return { run: clauses, names: tokens.names, values: tokens.values }
})

/**
 * The partition that a query reads, and its condition on the sort key.
 * @throws as DynamoDB does when it names no partition
 */
export function partitionIn(
  clauses: readonly Clause[],
  scope: Scope,
  keys: { readonly partitionKey: string; readonly sortKey?: string | undefined },
) {
  const ofPartition = clauses.find(({ path }) => path(scope) === keys.partitionKey)
  const others = clauses.filter((each) => each !== ofPartition)
  if (ofPartition === undefined)
    throw invalid(`Query condition missed key schema element: ${keys.partitionKey}`)
  if (ofPartition.value === undefined) throw invalid('Query key condition not supported')
  if (others.length > 1 || others.some(({ path }) => path(scope) !== keys.sortKey))
    throw invalid('Query key condition not supported')
  const partition = ofPartition.value(scope)
  if (partition === undefined)
    throw invalid(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    )
  return { partition, ofSort: others[0]?.holds }
}

function clause(tokens: Tokens): Clause {
  if (tokens.next === 'begins_with') {
    tokens.take()
    tokens.expect('(')
    const path = pathOf(tokens)
    tokens.expect(',')
    const prefix = valueOf(tokens)
    tokens.expect(')')
    return {
      path,
      value: undefined,
      holds: (scope) => scope.item?.[path(scope)]?.S?.startsWith(prefix(scope)?.S ?? '') === true,
    }
  }
  const path = pathOf(tokens)
  const isEqual = tokens.next === '='
  const [holds, last] = comparisonOf(tokens, (scope) => scope.item?.[path(scope)])
  return { path, value: isEqual ? (scope) => last(scope)?.S : undefined, holds }
}
