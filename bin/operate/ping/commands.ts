import { type Command, InvalidArgumentError } from 'commander'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { answerWith } from '../answering.ts'
import type { Terminal } from '../command-answer.ts'
import { withPingSettings } from '../run/settings-options.ts'
import { checkOption } from '../time-options.ts'
import { sendPing, type PingOptions } from './send-ping.ts'

/** Pings a check once, without a job around it. */
export function addPingCommand(ping: Command, terminal: Terminal): void {
  ping
    .argument(
      '<check>',
      'its UUID; or its slug, which needs the ping key of the project',
      checkOption,
    )
    .argument('[signal]', 'start, success, fail, log, or an exit status', signalOption, 'success')
    .option('--body-file <file>', 'what goes with it; - reads standard input')
    .option('--json', 'answer in JSON')
  withPingSettings(ping).action((name: string, signal: string, options: PingOptions) => {
    const explain = (error: unknown) => (error instanceof Error ? error.message : String(error))
    return answerWith({ terminal, isJson: options.json === true, explain }, () =>
      sendPing({ name, signal }, options, { clock, note: (line) => terminal.note(line) }),
    )
  })
}

const MOST_STATUS = 255

/** @throws InvalidArgumentError. */
function signalOption(text: string): string {
  const isStatus = /^\d{1,3}$/.test(text) && Number(text) <= MOST_STATUS
  if (!isStatus && !['start', 'success', 'fail', 'log'].includes(text))
    throw new InvalidArgumentError('It takes start, success, fail, log, or a number from 0 to 255.')
  return text
}
