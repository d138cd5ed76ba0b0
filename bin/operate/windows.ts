import { stretchAt, type Window, type WindowTimes } from '../../lambdas/domain/watching/window.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'

/** The maintenance windows of a project, and when each is next. */
export async function listWindows(
  { registry, windows, clock }: Deployment,
  projectId: string,
): Promise<CommandAnswer> {
  if ((await registry.project(projectId)) === undefined)
    throw new Error(`there is no project ${projectId}; overdue project list shows all`)
  const all = (await windows.of(projectId)).windows.map((window) => shown(window, clock.now()))
  const rows = all.map(({ id, next, seconds, tags, name }) => [
    id,
    next?.start ?? 'past',
    `${seconds} s`,
    tags === '' ? 'all' : tags,
    name,
  ])
  const text =
    rows.length === 0
      ? 'No window yet. The API makes them; docs/api.md says how.'
      : table(['ID', 'NEXT', 'LASTS', 'FOR', 'NAME'], rows)
  return { text, json: { windows: all } }
}

function shown(window: Window, now: number) {
  const { id, name, tags, lengthSeconds, times } = window
  const stretch = stretchAt(window, now)
  const next = stretch && { start: isoText(stretch.startedAt), end: isoText(stretch.endedAt) }
  return { id, name, tags, seconds: lengthSeconds, ...timesOf(times), next }
}

function timesOf(times: WindowTimes) {
  switch (times.kind) {
    case 'once':
      return { start: isoText(times.startAt) }
    case 'recurring':
      return { schedule: times.schedule.expression, tz: times.timeZone }
  }
}

function isoText(at: number): string {
  return new Date(at).toISOString()
}
