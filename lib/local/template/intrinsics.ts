/** What a template's intrinsic functions refer to. */
export type IntrinsicScope = {
  ref(logicalId: string): unknown
  attribute(logicalId: string, name: string): unknown
  /** The expression of a named condition. */
  condition(name: string): unknown
}

/**
 * A value of a template with its intrinsic functions computed.
 * @throws when the local stack does not know one of them.
 */
export function resolve(value: unknown, scope: IntrinsicScope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined)
  if (!isRecord(value)) return value
  const [name, ...others] = Object.keys(value)
  if (
    name !== undefined &&
    others.length === 0 &&
    (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))
  ) {
    if (name !== 'Condition' || typeof value[name] === 'string')
      return called(name, value[name], scope)
  }
  const resolved = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const)
  return Object.fromEntries(resolved.filter(([, item]) => item !== undefined))
}

function called(name: string, argument: unknown, scope: IntrinsicScope): unknown {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? undefined : scope.ref(text(argument))
    case 'Fn::GetAtt':
      return attribute(argument, scope)
    case 'Fn::Sub':
      return substituted(argument, scope)
    case 'Fn::If':
      return branch(argument, scope)
    case 'Condition':
      return resolve(scope.condition(text(argument)), scope)
    default:
      return computed(name, list(resolve(argument, scope), name))
  }
}

/** Computes a function whose arguments are all resolved first. */
function computed(name: string, values: readonly unknown[]): unknown {
  const [first, second] = values
  switch (name) {
    case 'Fn::Join':
      return list(second, name).map(text).join(text(first))
    case 'Fn::Select':
      return list(second, name)[Number(first)]
    case 'Fn::Split':
      return text(second).split(text(first))
    case 'Fn::Equals':
      return first === second
    case 'Fn::And':
      return values.every((value) => value === true)
    case 'Fn::Or':
      return values.some((value) => value === true)
    case 'Fn::Not':
      return first !== true
    default:
      throw new Error(`the local stack does not know the template's function ${name}`)
  }
}

function attribute(argument: unknown, scope: IntrinsicScope): unknown {
  const [logicalId, ...path] =
    typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt').map(text)
  return scope.attribute(text(logicalId), path.join('.'))
}

function substituted(argument: unknown, scope: IntrinsicScope): string {
  const [template, own] = Array.isArray(argument) ? list(argument, 'Fn::Sub') : [argument, {}]
  const variables = isRecord(own) ? own : {}
  return text(template).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`
    if (name in variables) return text(resolve(variables[name], scope))
    return text(name.includes('.') ? attribute(name, scope) : scope.ref(name))
  })
}

function branch(argument: unknown, scope: IntrinsicScope): unknown {
  const [condition, then, otherwise] = list(argument, 'Fn::If')
  return resolve(
    resolve(scope.condition(text(condition)), scope) === true ? then : otherwise,
    scope,
  )
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${name} takes a list, got ${JSON.stringify(value)}`)
  return value
}

function text(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return value.toString()
  if (typeof value !== 'string')
    throw new Error(`expected a text in the template, got ${JSON.stringify(value)}`)
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
