import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import type { ChannelEntry } from './channel-wire.ts'
import type { CheckEntry, leftOut } from './check-entry.ts'
import { fileDuration } from './file-duration.ts'
import type { WindowEntry } from './window-wire.ts'

/** Fields as a file spells them. */
export type Spelled = Readonly<Record<string, unknown>>

/** A field that differs; undefined where it is not there. */
export type Difference = { readonly field: string; readonly from: unknown; readonly to: unknown }

const lengths: readonly string[] = [
  'timeout',
  'grace',
  'seconds',
  'max_runtime',
  'min_runtime',
  'early',
  'repeat',
  'after',
]

/** An entry with its lengths of time as people write them. */
export function spelled(entry: CheckEntry | WindowEntry | typeof leftOut): Spelled {
  return spelledFields(entry)
}

/** A channel, flat. A secret is its end. */
export function spelledChannel({ kind, on, fields }: ChannelEntry): Spelled {
  return { kind, on, ...fields }
}

/** What differs between two states of a thing; rules one by one. */
export function differences(before: Spelled, after: Spelled): readonly Difference[] {
  const [from, to] = [flat(before), flat(after)]
  return [...new Set([...Object.keys(to), ...Object.keys(from)])]
    .filter((field) => !isDeepStrictEqual(from[field], to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }))
}

/** A value on one line. */
export function spelledText(value: unknown): string {
  if (value === undefined) return 'none'
  const text =
    typeof value === 'string'
      ? /^[\w./:@+-]+$/.test(value)
        ? value
        : JSON.stringify(value)
      : stringify(value, inFlow).trim()
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}

const inFlow = { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 } as const
const LONGEST_VALUE = 120

function spelledValue(value: unknown, field = ''): unknown {
  if (typeof value === 'number') return lengths.includes(field) ? fileDuration(value) : value
  if (Array.isArray(value)) return value.map((item): unknown => spelledValue(item, field))
  return typeof value === 'object' && value !== null ? spelledFields(value) : value
}

function spelledFields(fields: object): Spelled {
  const each = Object.entries(fields) as readonly [string, unknown][]
  return Object.fromEntries(each.map(([name, value]) => [name, spelledValue(value, name)]))
}

function flat({ rules = {}, ...fields }: Spelled): Spelled {
  const each = Object.entries(rules as Spelled)
  return {
    ...fields,
    ...(Object.fromEntries(each.map(([rule, value]) => [`rules.${rule}`, value])) as Spelled),
  }
}
