import type { Signal } from './ping.ts'

/** What a ping URL says. */
export type PingTarget = { readonly checkId: string; readonly signal: Signal; readonly exitStatus?: number }

const PATH = /^\/(?:ping\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/?|\/(start|fail|log|\d+))$/
const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LARGEST_EXIT_STATUS = 255

/**
 * The target of a ping by UUID; `'invalid-exit-status'` beside the check when the number is none a process can end with, undefined
 * when the path is no ping URL. A trailing slash is accepted behind the bare UUID only (wire contract 2.1).
 */
export function parsePingPath(path: string): PingTarget | { readonly checkId: string; readonly signal: 'invalid-exit-status' } | undefined {
  const [, checkId, verb] = PATH.exec(path) ?? []
  if (checkId === undefined) return undefined
  if (verb === undefined) return { checkId, signal: 'success' }
  if (verb === 'start' || verb === 'fail' || verb === 'log') return { checkId, signal: verb }
  const exitStatus = Number(verb)
  if (exitStatus > LARGEST_EXIT_STATUS) return { checkId, signal: 'invalid-exit-status' }
  return { checkId, signal: exitStatus === 0 ? 'success' : 'fail', exitStatus }
}

/** A run ID in the form in which run IDs are compared; undefined when it is no UUID of whatever version. */
export function parseRunId(text: string): string | undefined {
  return RUN_ID.test(text) ? text.toLowerCase() : undefined
}
