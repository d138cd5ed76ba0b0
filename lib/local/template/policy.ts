/** One statement of an IAM policy, with its intrinsic functions resolved. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
}

/** A permission that a call to AWS needs. */
export type AwsAccess = {
  /** The action in IAM's spelling: `dynamodb:UpdateItem`. */
  readonly action: string
  /** ARN. */
  readonly resource: string
  /** The values of condition keys. */
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** Whether the statements of a role allow the access: one allows it, and none denies it. */
export function isAllowed(statements: readonly Statement[], access: AwsAccess): boolean {
  const fitting = statements.filter((statement) => fits(statement, access))
  return (
    fitting.some(({ Effect }) => Effect === 'Allow') &&
    !fitting.some(({ Effect }) => Effect === 'Deny')
  )
}

function fits(statement: Statement, { action, resource, context = {} }: AwsAccess): boolean {
  return (
    values(statement.Action).some((pattern) =>
      isLike(action.toLowerCase(), pattern.toLowerCase()),
    ) &&
    values(statement.Resource).some((pattern) => isLike(resource, pattern)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        holds(operator, contextOf(context, key), values(wanted)),
      ),
    )
  )
}

/** The values of a condition key. Each call counts as one over TLS. */
function contextOf(
  context: Readonly<Record<string, readonly string[]>>,
  key: string,
): readonly string[] {
  return context[key] ?? (key === 'aws:SecureTransport' ? ['true'] : [])
}

const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: (value, wanted) => value === wanted,
}

/** @throws when the local stack does not know the operator: it must not guess at permissions. */
function holds(operator: string, actual: readonly string[], wanted: readonly string[]): boolean {
  const [, quantifier, name = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/.exec(operator) ?? []
  const compare = comparisons[name]
  if (compare === undefined)
    throw new Error(`the local stack does not know the policy condition ${operator}`)
  const isWanted = (value: string) => wanted.some((pattern) => compare(value, pattern))
  return quantifier === 'ForAllValues' ? actual.every(isWanted) : actual.some(isWanted)
}

/** Compiled patterns. A template has few of them, and each call to AWS needs some. */
const expressions = new Map<string, RegExp>()

/** `*` is any text, `?` any character. */
function isLike(value: string, pattern: string): boolean {
  if (pattern === '*' || pattern === value) return true
  if (!/[*?]/.test(pattern)) return false
  const expression = expressions.get(pattern) ?? expressionOf(pattern)
  expressions.set(pattern, expression)
  return expression.test(value)
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}

function values(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String)
}
