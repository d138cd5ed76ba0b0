import type { Hono } from 'hono'
import {
  changeWindow,
  createWindow,
  deleteWindow,
  findWindow,
  type WindowDeps,
  type WindowPlace,
} from '../managing/windows.ts'
import { byUuid } from './check-paths.ts'
import { accepted } from './refusals.ts'
import { type AccessDeps, type Call, serveCollection, serveResource } from './resource.ts'
import { changeOfWindow, newWindow } from '../managing/fields/window-fields.ts'
import { windowAnswer } from '../managing/shown/window-answer.ts'

export type WindowsDeps = AccessDeps & WindowDeps

/** Maintenance windows of a project. */
export function serveWindows(app: Hono, deps: WindowsDeps): void {
  serveCollection(app, deps, '/windows/', {
    GET: { needs: 'read-only', act: (call) => listWindows(deps, call) },
    POST: { needs: 'read-write', act: (call) => postWindows(deps, call) },
  })
  serveResource(app, deps, `/windows/${byUuid}`, {
    GET: { needs: 'read-only', act: (call) => getWindow(deps, call) },
    POST: { needs: 'read-write', act: (call) => postWindow(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => removeWindow(deps, call) },
  })
}

async function listWindows(
  { windows }: WindowsDeps,
  { context, caller, viewer }: Call,
): Promise<Response> {
  const all = await windows.of(caller.projectId)
  return context.json({ windows: all.windows.map((window) => windowAnswer(window, viewer.now)) })
}

async function postWindows(deps: WindowsDeps, { context, caller, by, body, viewer }: Call) {
  const window = accepted(
    await createWindow(deps, { projectId: caller.projectId, by }, newWindow(body)),
  )
  return context.json(windowAnswer(window, viewer.now), 201)
}

async function getWindow(deps: WindowsDeps, call: Call): Promise<Response> {
  const { projectId, windowId } = placeOf(call)
  return answer(call, await findWindow(deps, projectId, windowId))
}

async function postWindow(deps: WindowsDeps, call: Call): Promise<Response> {
  return answer(call, await changeWindow(deps, placeOf(call), changeOfWindow(call.body)))
}

async function removeWindow(deps: WindowsDeps, call: Call): Promise<Response> {
  return answer(call, await deleteWindow(deps, placeOf(call)))
}

function placeOf({ context, caller, by }: Call): WindowPlace {
  return { by, projectId: caller.projectId, windowId: context.req.param('id') ?? '' }
}

function answer(
  { context, viewer }: Call,
  outcome: Awaited<ReturnType<typeof changeWindow>>,
): Response {
  return context.json(windowAnswer(accepted(outcome), viewer.now))
}
