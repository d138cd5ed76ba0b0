import type { CheckChange } from '../domain/watching/check-change.ts'
import { type Column, viewColumns, isColumn } from '../domain/mirroring/view.ts'
import { parseUuid } from '../domain/wire/uuid.ts'
import { wantedOf } from '../managing/fields/check-fields.ts'
import { parseCheckFields } from '../managing/fields/check-shape.ts'
import { FieldError } from '../managing/fields/field-error.ts'
import type { ChannelChoice } from '../managing/chosen-channels.ts'
import type { SourceRow } from './source.ts'

/** What a row of the source says of a check. `project` is a name that the source gives. */
export type SaidCheck = {
  readonly id: string
  readonly project: string
  readonly change: Omit<CheckChange, 'channelIds'>
  readonly channels?: ChannelChoice
}

const longestProject = viewColumns.project.longest

/**
 * Reads a row by the rules of the API. Where a column is missing nothing is said of its field; NULL
 * says what a new check has.
 * @throws FieldError of what is wrong with it.
 */
export function readRow(row: SourceRow): SaidCheck {
  const fields = Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (isColumn(name) ? field(name, value) : [])),
  )
  const { uuid, project, ...said } = fields
  const id = parseUuid(String(uuid))
  if (id === undefined) throw wrong('uuid', 'is no UUID')
  if (uuid !== id && uuid !== id.toUpperCase()) throw wrong('uuid', 'has small and capital letters')
  if (typeof project !== 'string' || project === '' || project.length > longestProject)
    throw wrong('project', `is not a text of 1–${longestProject} characters`)
  const { channels } = said
  if (typeof channels === 'string' && channels.length > viewColumns.channels.longest)
    throw wrong('channels', 'is too long')
  const checked = parseCheckFields(said)
  if (checked.schedule === undefined && checked.timeout === undefined)
    throw wrong('schedule', 'is missing, and so is timeout')
  return { id, project, ...wantedOf(checked, { isSlugDerived: false }) }
}

function field(
  name: keyof typeof viewColumns,
  value: unknown,
): readonly (readonly [string, unknown])[] {
  const column: Column = viewColumns[name]
  if (value !== null && value !== undefined) return [[column.field, read(name, column, value)]]
  return column.empty === undefined ? [] : [[column.field, column.empty]]
}

/** A value as the API has it. What makes no sense is left to be refused with the field's name. */
function read(name: string, { kind, longest }: Column, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    case 'whole':
      return /^\d{1,15}$/.test(String(value)) ? Number(value) : String(value)
    case 'flag':
      // BIT(1) comes as a byte.
      return flags.get(String(value instanceof Uint8Array ? value[0] : value)) ?? value
    case 'json':
      return parsedJson(name, typeof value === 'string' ? value : JSON.stringify(value), longest)
  }
}

/** Databases without a boolean have numbers for it. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ['0', false],
  ['1', true],
])

function parsedJson(name: string, text: string, longest = 0): unknown {
  if (text.length > longest) throw wrong(name, 'is too long')
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(name, 'is no JSON')
  }
}

function wrong(field: string, words: string): FieldError {
  return new FieldError({ path: [field], words })
}
