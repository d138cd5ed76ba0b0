import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import type { CommandCall, Terminal } from '../command-answer.ts'
import { checkOption, durationOption, scheduleOption } from '../time-options.ts'
import { sinkTo } from './descriptor-sink.ts'
import type { CheckDefinition } from './destination.ts'
import type { RunSettings } from './settings.ts'
import { withPingSettings } from './settings-options.ts'
import { runWatched, type WantedRun } from './watched-run.ts'

type RunOptions = RunSettings & {
  readonly check?: string
  readonly settings?: string
  readonly create?: true
  readonly schedule?: string | number
  readonly tz?: string
  readonly grace?: number
  readonly timeout?: number
  readonly startTimeout: number
  readonly patience: number
  readonly lock?: true
  readonly lockStatus: number
  readonly output: boolean
  readonly quiet?: true
}

/** A terminal's, and a shell's, number for each output. */
const OUT = 1
const ERR = 2

/**
 * Who has started us sees by which signal the command has ended. Other signals would leave Node's
 * memory in a file, or are none to Node: of those a status tells, as a shell's does.
 */
const mortal: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM']

/**
 * Runs a command between two pings. What stands on the line is judged before anything runs; what
 * comes from elsewhere never keeps the command from running.
 */
export function addRunCommand(run: Command, terminal: Terminal, call: CommandCall): void {
  withPingSettings(
    run
      .usage('--check <check> [options] -- <command> [argument...]')
      .option('--check <check>', 'its UUID, or its slug', checkOption)
      // A command without -- is seen as one, whatever options it has.
      .allowExcessArguments()
      .passThroughOptions(),
  )
    .option('--api-key <key>', 'for --schedule; others see it on the line (OVERDUE_API_KEY)')
    .option('--create', 'make the check of this slug if there is none')
    .option('--schedule <schedule>', 'of that check: cron, OnCalendar, or a period', scheduleOption)
    .option('--tz <zone>', 'of that check: the time zone of its schedule')
    .option('--grace <time>', 'of that check: its grace time', durationOption)
    .option('--timeout <time>', 'end the command, with all it has started, after 2h', atLeastOne)
    .option('--lock', 'run nothing while another run of this check goes on here')
    .addOption(
      new Option('--lock-status <status>', 'how to end then').argParser(exitStatus).default(0),
    )
    .addOption(inSeconds('--start-timeout <time>', 'wait so long for the start to be told', 2))
    .addOption(inSeconds('--patience <time>', 'try so long to tell the end', 30))
    .option('--no-output', 'send none of the output')
    .option('--quiet', 'say nothing of pings that fail, nor of a time limit')
    .action(async (options: RunOptions) => {
      const { words } = call
      const refuse = (problem: string) => run.error(`error: ${problem}`)
      const [stray] = run.args
      if (stray !== undefined) refuse(`write the command behind --, as in: -- ${stray}`)
      const wanted = wantedBy(options, words, refuse)
      const say = (line: string) => terminal.note(`overdue: ${line}`)
      const { status, signal } = await runWatched(wanted, {
        clock,
        random,
        environment: process.env,
        readSecret: async (arn) => (await import('./secret.ts')).readSecret(arn),
        out: sinkTo(OUT),
        err: sinkTo(ERR),
        note: options.quiet === true ? () => undefined : say,
        complain: say,
        firstWaitMs: 500,
        killAfterMs: 10_000,
      })
      if (signal !== undefined && mortal.includes(signal)) process.kill(process.pid, signal)
      call.end(status)
    })
}

function wantedBy(
  options: RunOptions,
  words: readonly string[],
  refuse: (problem: string) => never,
): WantedRun {
  const { check, create, schedule, tz, grace, timeout, lock, lockStatus } = options
  const definition: CheckDefinition = {
    ...(schedule !== undefined && { schedule }),
    ...(tz !== undefined && { tz }),
    ...(grace !== undefined && { graceSeconds: grace }),
  }
  if (check === undefined) return refuse('--check is missing: the UUID of a check, or its slug')
  if (words.length === 0) refuse('there is no command; write it behind --, as in: -- backup --all')
  const isDefined = Object.keys(definition).length > 0
  if (isDefined && create !== true) refuse('--schedule, --tz and --grace go with --create')
  if (create === true && parseUuid(check) !== undefined)
    refuse('--create takes a slug as --check; a UUID is there or not')
  if (lock === true && process.platform === 'win32') refuse('--lock is for Linux and macOS')
  return {
    words,
    check: { name: check, ...(create && { create }), ...(isDefined && { definition }) },
    flags: options,
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    startTimeoutMs: options.startTimeout * 1000,
    patienceMs: options.patience * 1000,
    ...(lock === true && { lockStatus }),
    keepsOutput: options.output,
  }
}

function inSeconds(flags: string, description: string, usual: number): Option {
  return new Option(flags, description).argParser(durationOption).default(usual, `${usual}s`)
}

/** @throws InvalidArgumentError, as all of these */
function atLeastOne(text: string): number {
  const read = durationOption(text)
  if (read === 0) throw new InvalidArgumentError('It takes a time such as 90s, 30m or 2h.')
  return read
}

function exitStatus(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255)
    throw new InvalidArgumentError('It takes a number from 0 to 255.')
  return Number(text)
}
