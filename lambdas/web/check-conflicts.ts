import { checkFlags } from './check-entries.ts'
import { checkLabels } from './check-problems.ts'
import type { Form } from './form.ts'
import type { FieldConflict } from './pages/check-form.ts'
import type { OfferedChannel } from './pages/check-entry.ts'

const flagLabels: Readonly<Record<(typeof checkFlags)[number], string>> = {
  manual_resume: 'Resumed by hand',
  filter_subject: 'Looks into subjects of mails',
  filter_body: 'Looks into bodies of mails',
  filter_http_body: 'Looks into bodies of pings',
  filter_default_fail: 'Fails without words',
}

/** Where two forms of one check differ. */
export function conflictsOf(
  theirs: Form,
  yours: Form,
  channels: readonly OfferedChannel[],
): readonly FieldConflict[] {
  const names = [...new Set([...theirs.names(), ...yours.names()])]
  return names.flatMap((name) => {
    const label = labelOf(name)
    const [now, wanted] = [wordsOf(theirs, name, channels), wordsOf(yours, name, channels)]
    return label === undefined || now === wanted ? [] : [{ label, theirs: now, yours: wanted }]
  })
}

function labelOf(name: string): string | undefined {
  const flag = checkFlags.find((each) => each === name)
  if (flag !== undefined) return flagLabels[flag]
  const [, place, part] = /^rules\.escalate\.(\d)\.(\w+)$/.exec(name) ?? []
  return place === undefined ? checkLabels[name] : `Step ${Number(place) + 1}: ${part}`
}

function wordsOf(form: Form, name: string, channels: readonly OfferedChannel[]): string {
  if (checkFlags.some((flag) => flag === name)) return form.has(name) ? 'yes' : ''
  if (!name.endsWith('channels')) return form.raw(name).trim()
  const labels = form.all(name).map((id) => channels.find((each) => each.id === id)?.label ?? id)
  return labels.toSorted().join(', ')
}
