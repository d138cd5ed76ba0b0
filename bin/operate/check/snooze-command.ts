import type { Command } from 'commander'
import { snoozeSeconds } from '../../../lambdas/domain/watching/snooze.ts'
import { type ApiOptions, withApi } from '../api/connection.ts'
import type { Terminal } from '../command-answer.ts'
import { checkOption, durationWithin } from '../time-options.ts'
import { answerByChecks } from './api.ts'
import { snoozeCheckByApi, type SnoozeTime } from './change-checks.ts'

type SnoozeOptions = ApiOptions & { readonly until?: string; readonly off?: true }

/** Has the alerts of a check wait; its pings are taken all the same. */
export function addSnoozeCommand(snooze: Command, terminal: Terminal): void {
  snooze
    .argument('<check>', 'its slug or its UUID', checkOption)
    .argument('[time]', 'for so long, such as 2h or 7d', durationWithin(snoozeSeconds))
    .option('--until <instant>', 'until then, such as 2027-01-31T06:00:00Z')
    .option('--off', 'end the snooze')
  withApi(snooze).action((wanted: string, seconds: number | undefined, options: SnoozeOptions) => {
    const [time, ...others] = timesIn(seconds, options)
    if (time === undefined || others.length > 0)
      snooze.error('error: give a time such as 2h, or --until, or --off, and only one of them')
    return answerByChecks(terminal, options, (api) => snoozeCheckByApi(api, wanted, time))
  })
}

function timesIn(
  seconds: number | undefined,
  { until, off }: SnoozeOptions,
): readonly SnoozeTime[] {
  return [
    ...(seconds === undefined ? [] : [{ seconds }]),
    ...(until === undefined ? [] : [{ until }]),
    ...(off === true ? (['off'] as const) : []),
  ]
}
