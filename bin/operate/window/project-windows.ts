import { windowAnswer } from '../../../lambdas/managing/shown/window-answer.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import type { Deployment } from '../target.ts'
import { answerOn, type Options } from '../with-target.ts'
import { readWindows } from './api.ts'
import { listWindows } from './list-windows.ts'

/** Prints the windows of any project, as its operator sees them. @throws as `answerOn` does */
export function answerWindowsOf(
  terminal: Terminal,
  options: Options,
  projectId: string,
): Promise<void> {
  return answerOn(terminal, options, (deployment) => windowsOf(deployment, projectId))
}

async function windowsOf(
  { registry, windows, clock }: Deployment,
  projectId: string,
): Promise<CommandAnswer> {
  if ((await registry.project(projectId)) === undefined)
    throw new Error(`there is no project ${projectId}; overdue project list shows all`)
  const now = clock.now()
  const all = (await windows.of(projectId)).windows.map((window) => windowAnswer(window, now))
  return listWindows(readWindows(all))
}
