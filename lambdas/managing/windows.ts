import { isDeepStrictEqual } from 'node:util'
import { auditChanges, type Author } from '../domain/people/audit.ts'
import { wordsOfWindow } from '../domain/watching/check-words.ts'
import {
  type ProjectWindows,
  type Window,
  type WindowFields,
  withReplaced,
  withWindow,
} from '../domain/watching/window.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { log } from '../runtime/log.ts'
import type { Windows } from '../store/registry/windows.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { type Contended, persistently } from './persistently.ts'

export type WindowDeps = Seams &
  NotingDeps & {
    readonly windows: Pick<Windows, 'of' | 'replace'>
    readonly log: typeof log
  }

/** A window of another project is missing: nobody is told that it exists. */
export type WindowMissing = { readonly refusal: 'window-missing' }

export async function findWindow(
  { windows }: { readonly windows: Pick<Windows, 'of'> },
  projectId: string,
  windowId: string,
): Promise<Window | WindowMissing> {
  return windowIn(await windows.of(projectId), windowId)
}

export async function createWindow(
  deps: WindowDeps,
  { projectId, by }: Omit<WindowPlace, 'windowId'>,
  fields: WindowFields,
): Promise<Window | Contended | { readonly refusal: 'windows-full' }> {
  const id = deps.random.uuid()
  return persistently(deps, async () => {
    const after = withWindow(await deps.windows.of(projectId), id, fields)
    if (after === undefined) return { refusal: 'windows-full' }
    const made = after.windows.find((window) => window.id === id)
    return made === undefined
      ? 'raced'
      : written(deps, { projectId, by, after, is: made }, 'created')
  })
}

/**
 * Changes a window; the change is asked for again when another came in between. What changes
 * nothing is not written.
 */
export async function changeWindow(
  deps: WindowDeps,
  { projectId, windowId, by }: WindowPlace,
  change: (window: Window) => WindowFields,
): Promise<Window | Contended | WindowMissing> {
  return persistently(deps, async () => {
    const before = await deps.windows.of(projectId)
    const found = windowIn(before, windowId)
    if ('refusal' in found) return found
    const { id, number, since } = found
    const window = { ...change(found), id, number, since }
    if (isDeepStrictEqual(window, found)) return found
    const after = withReplaced(before, windowId, window)
    return written(deps, { projectId, by, after, was: found, is: window }, 'updated')
  })
}

export async function deleteWindow(
  deps: WindowDeps,
  { projectId, windowId, by }: WindowPlace,
): Promise<Window | Contended | WindowMissing> {
  return persistently(deps, async () => {
    const before = await deps.windows.of(projectId)
    const window = windowIn(before, windowId)
    if ('refusal' in window) return window
    const after = withReplaced(before, windowId, undefined)
    return written(deps, { projectId, by, after, was: window }, 'deleted')
  })
}

/** Which window is meant, and who asks. */
export type WindowPlace = {
  readonly projectId: string
  readonly windowId: string
  readonly by: Author
}

function windowIn({ windows }: ProjectWindows, windowId: string): Window | WindowMissing {
  return windows.find(({ id }) => id === windowId) ?? { refusal: 'window-missing' }
}

type Outcome = {
  readonly projectId: string
  readonly by: Author
  readonly after: ProjectWindows
  readonly was?: Window
  readonly is?: Window
}

async function written(
  deps: WindowDeps,
  { projectId, by, after, was, is }: Outcome,
  what: 'created' | 'updated' | 'deleted',
): Promise<Window | 'raced'> {
  const window = is ?? was
  if (window === undefined) throw new Error('a change of windows must be about one of them')
  const { id, name } = window
  const words = (state: Window | undefined) => (state === undefined ? {} : wordsOfWindow(state))
  const beside = auditWrites(deps, by, {
    projectId,
    action: what === 'updated' ? 'window-changed' : `window-${what}`,
    subject: { kind: 'window', id, name },
    changes: auditChanges(words(was), words(is)),
  })
  if ((await deps.windows.replace(projectId, after, beside)) === 'changed') return 'raced'
  deps.log(`window-${what}`, { window: id, project: projectId })
  return window
}
