import { isDeepStrictEqual } from 'node:util'
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
import { type Contended, persistently } from './persistently.ts'

export type WindowDeps = Seams & {
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
  projectId: string,
  fields: WindowFields,
): Promise<Window | Contended | { readonly refusal: 'windows-full' }> {
  const id = deps.random.uuid()
  return persistently(deps, async () => {
    const after = withWindow(await deps.windows.of(projectId), id, fields)
    if (after === undefined) return { refusal: 'windows-full' }
    const made = after.windows.find((window) => window.id === id)
    return made === undefined
      ? 'raced'
      : written(deps, { projectId, after, window: made }, 'created')
  })
}

/**
 * Changes a window; the change is asked for again when another came in between. What changes
 * nothing is not written.
 */
export async function changeWindow(
  deps: WindowDeps,
  { projectId, windowId }: WindowPlace,
  change: (window: Window) => WindowFields,
): Promise<Window | Contended | WindowMissing> {
  return persistently(deps, async () => {
    const before = await deps.windows.of(projectId)
    const found = windowIn(before, windowId)
    if ('refusal' in found) return found
    const window = { ...found, ...change(found) }
    if (isDeepStrictEqual(window, found)) return found
    const after = withReplaced(before, windowId, window)
    return written(deps, { projectId, after, window }, 'updated')
  })
}

export async function deleteWindow(
  deps: WindowDeps,
  { projectId, windowId }: WindowPlace,
): Promise<Window | Contended | WindowMissing> {
  return persistently(deps, async () => {
    const before = await deps.windows.of(projectId)
    const window = windowIn(before, windowId)
    if ('refusal' in window) return window
    const after = withReplaced(before, windowId, undefined)
    return written(deps, { projectId, after, window }, 'deleted')
  })
}

export type WindowPlace = { readonly projectId: string; readonly windowId: string }

function windowIn({ windows }: ProjectWindows, windowId: string): Window | WindowMissing {
  return windows.find(({ id }) => id === windowId) ?? { refusal: 'window-missing' }
}

type Outcome = {
  readonly projectId: string
  readonly after: ProjectWindows
  readonly window: Window
}

async function written(
  { windows, log }: WindowDeps,
  { projectId, after, window }: Outcome,
  what: 'created' | 'updated' | 'deleted',
): Promise<Window | 'raced'> {
  if ((await windows.replace(projectId, after)) === 'changed') return 'raced'
  log(`window-${what}`, { window: window.id, project: projectId })
  return window
}
