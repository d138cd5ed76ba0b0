import fc from 'fast-check'

/** As much of JSON Schema as the API's description uses. */
export type JsonSchema = {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** Values that a schema takes. */
export function valid(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valid))
  switch (schema.type ?? 'string') {
    case 'null':
      return fc.constant(null)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000 })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valid(schema.items ?? {}), { maxLength: 4 })
    case 'object':
      return fc.record(fields(schema, valid), { requiredKeys: [] })
    default:
      return schema.pattern === undefined
        ? fc.string({ unit: 'grapheme', maxLength: schema.maxLength ?? 50 })
        : matching(schema.pattern)
  }
}

/**
 * Values that a schema takes in part: some fields are right, some of the wrong type or at the edge
 * of their bounds.
 */
export function nearly(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.type === 'object') return fc.record(fields(schema, nearly), { requiredKeys: [] })
  const { minimum = 0, maximum = 0, maxLength = 0 } = schema
  const edges = fc.constantFrom<unknown>(
    minimum - 1,
    minimum,
    maximum,
    maximum + 1,
    1e21,
    'x'.repeat(maxLength),
    'é'.repeat(maxLength + 1),
  )
  const odd = fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    '\0',
    '\ud800',
    '*',
    '* * * * *',
    'daily',
    'Europe/Kiev',
    'a,,b',
    [],
    {},
    -0.5,
  )
  return fc.oneof(
    { arbitrary: valid(schema), weight: 6 },
    edges,
    odd,
    fc.jsonValue({ maxDepth: 2 }),
  )
}

function fields(
  { properties = {} }: JsonSchema,
  arbitrary: (schema: JsonSchema) => fc.Arbitrary<unknown>,
): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, arbitrary(schema)]),
  )
}

/** fast-check knows no lookahead: what is made without them is held against the whole pattern. */
function matching(pattern: string): fc.Arbitrary<string> {
  const whole = new RegExp(pattern)
  return fc
    .stringMatching(new RegExp(pattern.replaceAll(/\(\?[=!][^()]*\)/g, '')))
    .filter((text) => whole.test(text))
}
