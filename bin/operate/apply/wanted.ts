import { FieldError } from '../../../lambdas/managing/fields/field-error.ts'
import { type ChannelEntry, channelEntry } from './channel-wire.ts'
import { type CheckEntry, checkEntry } from './check-entry.ts'
import type { FieldFault, FieldPath } from './fault.ts'
import { type FileFields, fileShape, shapeFaults } from './shape.ts'
import { type WindowEntry, windowEntry } from './window-wire.ts'

/** What a file asks for, by name; checks by slug. */
export type Wanted = {
  readonly project: string
  readonly channels: ReadonlyMap<string, ChannelEntry>
  readonly checks: ReadonlyMap<string, CheckEntry>
  readonly windows: ReadonlyMap<string, WindowEntry>
}

/** What a file asks for, as far as the file alone shows. Nothing is wanted where it has faults. */
export function wantedBy(value: unknown): Wanted | readonly FieldFault[] {
  const read = fileShape.safeParse(value, { reportInput: false })
  if (!read.success) return shapeFaults(read.error)
  const { project, defaults, checks, channels, windows } = read.data
  const faults: FieldFault[] = []
  const usual = defaults ?? {}
  const wanted = {
    project,
    channels: entriesOf('channels', channels, faults, channelEntry),
    checks: entriesOf('checks', checks, faults, (slug, own) => checkEntry(slug, own ?? {}, usual)),
    windows: entriesOf('windows', windows, faults, (_, own) => windowEntry(own, usual.tz)),
  }
  return faults.length === 0 ? wanted : faults
}

type Section = 'channels' | 'checks' | 'windows'
type Entry<Name extends Section> = NonNullable<FileFields[Name]>[string]

function entriesOf<Name extends Section, Made extends object>(
  section: Name,
  written: FileFields[Name],
  faults: FieldFault[],
  make: (name: string, written: Entry<Name>) => Made | string,
): ReadonlyMap<string, Made> {
  const entries = new Map<string, Made>()
  for (const [name, own] of Object.entries(written ?? {})) {
    const made = orFaults([section, name], () => make(name, own as Entry<Name>))
    if (Array.isArray(made)) faults.push(...made)
    else entries.set(name, made)
  }
  return entries
}

function orFaults<Made extends object>(
  path: FieldPath,
  make: () => Made | string,
): Made | FieldFault[] {
  try {
    const made = make()
    return typeof made === 'string' ? [{ path, words: made }] : made
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    return error.issues.map(({ path: within, words }) => ({ path: [...path, ...within], words }))
  }
}
