import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { table } from '../table.ts'
import type { ShownWindow } from './api.ts'

/** The windows of a project, and when each is next. */
export function listWindows(windows: readonly ShownWindow[]): CommandAnswer {
  const text =
    windows.length === 0
      ? 'No window yet. Make one with overdue window add.'
      : table(['ID', 'NEXT', 'LASTS', 'FOR', 'NAME'], windows.map(rowOf))
  return { text, json: { windows } }
}

function rowOf({ id, name, tags, seconds, next_start: next }: ShownWindow): readonly string[] {
  return [id, next ?? 'past', durationText(seconds), tags === '' ? 'all' : tags, name]
}
