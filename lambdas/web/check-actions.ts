import { snoozeSeconds } from '../domain/watching/snooze.ts'
import { deleteCheck, type DeleteCheckDeps } from '../managing/delete-check.ts'
import { pauseCheck, type PauseCheckDeps, resumeCheck } from '../managing/pause-check.ts'
import { pingCheck, type PingCheckDeps } from '../managing/ping-check.ts'
import { snoozeCheck, type SnoozeCheckDeps, unsnoozeCheck } from '../managing/snooze-check.ts'
import { authorOf, checkIn, checkKeyIn } from './check-in.ts'
import { keptBySourceWords } from './check-problems.ts'
import { deletionPage } from './pages/check-deletion.ts'
import { NotHere, Refused } from './refused.ts'
import { goTo, respond } from './respond.ts'
import { type ProjectCall, projectPath, type Route } from './route.ts'

export type CheckActionsDeps = PauseCheckDeps & PingCheckDeps & SnoozeCheckDeps & DeleteCheckDeps

const path = '/p/:project/c/:key'

/** What people do to a check by one button. Each is noted before it is done. */
export const checkActionRoutes: readonly Route<CheckActionsDeps>[] = [
  { method: 'POST', path: `${path}/pause`, needs: 'change', act: pause },
  { method: 'POST', path: `${path}/resume`, needs: 'change', act: resume },
  { method: 'POST', path: `${path}/snooze`, needs: 'change', act: snoozeAlerts },
  { method: 'POST', path: `${path}/unsnooze`, needs: 'change', act: endSnooze },
  { method: 'POST', path: `${path}/ping`, needs: 'change', act: sendTestPing },
  { method: 'GET', path: `${path}/delete`, needs: 'change', act: askDeletion },
  { method: 'POST', path: `${path}/delete`, needs: 'change', act: removeForGood },
]

async function pause(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  return backFrom(call, await pauseCheck(deps, meantIn(call)))
}

/** One that is not paused any more is as it should be. */
async function resume(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  const outcome = await resumeCheck(deps, meantIn(call))
  return outcome === 'not-paused' ? goTo(call, placeOf(call)) : backFrom(call, outcome)
}

async function snoozeAlerts(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  const seconds = Number(call.form.text('seconds'))
  const { least, most } = snoozeSeconds
  if (!(Number.isInteger(seconds) && seconds >= least && seconds <= most))
    throw new Refused(400, `Alerts can be snoozed for ${least} to ${most} seconds.`)
  return backFrom(call, await snoozeCheck(deps, meantIn(call), call.now + seconds * 1000))
}

async function endSnooze(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  return backFrom(call, await unsnoozeCheck(deps, meantIn(call)))
}

async function sendTestPing(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  return backFrom(call, await pingCheck(deps, meantIn(call)))
}

async function askDeletion(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  return respond(call, deletionPage(call.project, await checkIn(deps, call)))
}

async function removeForGood(deps: CheckActionsDeps, call: ProjectCall): Promise<Response> {
  const { id: checkId } = await checkIn(deps, call)
  const by = authorOf(call)
  const outcome = await deleteCheck(deps, { projectId: call.project.id, checkId, by })
  if ('refusal' in outcome && outcome.refusal === 'kept-by-source')
    throw new Refused(409, keptBySourceWords)
  if ('refusal' in outcome && outcome.refusal !== 'missing')
    throw new Refused(409, 'The check was changed at the same moment. Try again.')
  return goTo(call, projectPath(call.project))
}

function meantIn(call: ProjectCall) {
  return { projectId: call.project.id, name: checkKeyIn(call), by: authorOf(call) }
}

function backFrom(call: ProjectCall, outcome: object): Response {
  if ('refusal' in outcome) throw new NotHere()
  return goTo(call, placeOf(call))
}

function placeOf(call: ProjectCall): string {
  return projectPath(call.project, `c/${checkKeyIn(call)}`)
}
