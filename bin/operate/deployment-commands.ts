import type { Command } from 'commander'
import { clock } from '../../lambdas/runtime/clock.ts'
import type { Terminal } from './command-answer.ts'
import { showLog } from './log.ts'
import { reconcileNow } from './reconcile.ts'
import { redrive } from './redrive.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

/*
 * Commands on a deployment that are one word.
 */

export function addLogCommand(log: Command, terminal: Terminal): void {
  log.addHelpText(
    'after',
    '\nWho has the key of a project reads its logs by overdue check log <check>.',
  )
  log.argument('<check>', 'the UUID of the check, with which its ping URL ends')
  withTarget(log).action((id: string, options: Options) =>
    answerOn(terminal, options, (deployment) => showLog(deployment, id)),
  )
}

export function addReconcileCommand(reconcile: Command, terminal: Terminal): void {
  withTarget(reconcile).action((options: Options) =>
    answerOn(terminal, options, (deployment) => reconcileNow(deployment, terminal)),
  )
}

export function addRedriveCommand(again: Command, terminal: Terminal): void {
  withTarget(again).action((options: Options) =>
    answerOn(terminal, options, (deployment) => redrive(deployment, terminal, clock)),
  )
}
