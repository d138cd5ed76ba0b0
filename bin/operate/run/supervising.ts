import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import { within } from '../../../lambdas/runtime/within.ts'
import { type Forwarding, forward } from './forwarding.ts'
import { type OutputSource, streamSource } from './output-source.ts'
import { closeWriteEnds, makeOutputPipes } from './pipes.ts'

/** How a command ended: with the status that a shell would say, and by which signal, if by one. */
export type CommandEnd = {
  readonly status: number
  readonly signal?: NodeJS.Signals
  /** Why it could not be started. */
  readonly refusal?: string
  readonly isTimedOut: boolean
}

export type Supervision = {
  /** The command and its arguments. */
  readonly words: readonly string[]
  /** Where its output goes; without it, the command has ours, and nothing is seen of it. */
  readonly output?: {
    readonly out: Writable
    readonly err: Writable
    readonly onData: (said: Buffer) => void
  }
  /** A file that stays open for as long as the command runs. */
  readonly heldOpen?: number
  readonly timeoutMs?: number
  /** How long a command has to end when it was asked to. */
  readonly killAfterMs: number
  readonly clock: Clock
  /** Called when there is no command to pass signals on to any more: before they would end us. */
  readonly onEnd: () => void
  /** Aborted when somebody wants us gone after that. */
  readonly stopped?: AbortSignal
}

const NOT_FOUND = 127
const NOT_EXECUTABLE = 126
const SIGNALLED = 128

/**
 * A terminal sends these to all that run in it, so they go to all of the command. Any other signal
 * is meant for the one process that it is sent to.
 */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT']
const others: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGUSR1', 'SIGUSR2']
const passedOn = [...ofTerminal, ...others].filter((signal) => signal in constants.signals)

const isWindows = process.platform === 'win32'

/** Runs a command to its end, in a process group of its own, and passes signals on to it. */
export async function supervise(supervision: Supervision): Promise<CommandEnd> {
  const { words, output } = supervision
  const pipes = output && (await makeOutputPipes())
  const child = begin(supervision, pipes?.map(({ writeEnd }) => writeEnd) ?? [])
  const readEnds = pipes?.map(({ readEnd }) => readEnd)
  if (pipes !== undefined) closeWriteEnds(pipes)
  if (child instanceof Error) {
    for (const each of readEnds ?? []) each.destroy()
    supervision.onEnd()
    return { ...refused(words[0] ?? '', child), isTimedOut: false }
  }
  const ended = endOf(child, words[0] ?? '')
  const stopPassing = passSignals(child)
  const forwardings = forwardAll(readEnds ?? sourcesOf(child), output)
  const limit = limitTime(child, ended, supervision)
  const end = await ended
  const isTimedOut = await limit
  supervision.onEnd()
  stopPassing()
  await finished(forwardings, end.signal !== undefined || isTimedOut, supervision)
  return { ...end, isTimedOut }
}

/**
 * Waits until all that was said is where it goes. Nobody may ever read it: who ends the command, or
 * us, does not wait for that.
 */
async function finished(
  forwardings: readonly Forwarding[],
  isForced: boolean,
  { clock, killAfterMs, stopped }: Supervision,
): Promise<void> {
  const finishing = Promise.all(forwardings.map((each) => each.finish()))
  const forced = new Promise<void>((resolve) => {
    if (isForced || stopped?.aborted === true) resolve()
    else stopped?.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([finishing, forced])
  await within(clock, clock.now() + killAfterMs, finishing)
}

/** The command, or why there is none; some errors come later as an event. */
function begin(
  { words: [program = '', ...args], output, heldOpen }: Supervision,
  [out, err]: readonly number[],
): ChildProcess | Error {
  const given = (pipe: number | undefined) => (output === undefined ? 'inherit' : (pipe ?? 'pipe'))
  const held = heldOpen === undefined ? [] : [heldOpen]
  const stdio: StdioOptions = ['inherit', given(out), given(err), ...held]
  try {
    return spawn(program, args, { stdio, detached: !isWindows })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function forwardAll(
  sources: readonly OutputSource[],
  output: Supervision['output'],
): readonly Forwarding[] {
  if (output === undefined) return []
  const sinks = [output.out, output.err]
  return sources.flatMap((source, index) => {
    const sink = sinks[index]
    return sink === undefined ? [] : [forward(source, sink, output.onData)]
  })
}

function sourcesOf({ stdout, stderr }: ChildProcess): readonly OutputSource[] {
  return [stdout, stderr].flatMap((stream) => (stream === null ? [] : [streamSource(stream)]))
}

type Ended = Omit<CommandEnd, 'isTimedOut'>

function endOf(child: ChildProcess, program: string): Promise<Ended> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(refused(program, error)))
    child.once('exit', (code, signal) =>
      resolve(
        signal === null
          ? { status: code ?? NOT_EXECUTABLE }
          : { status: SIGNALLED + constants.signals[signal], signal },
      ),
    )
  })
}

function refused(program: string, error: Error): Ended {
  const code = 'code' in error ? error.code : undefined
  // Node's own name for a command whose name is empty.
  return code === 'ENOENT' || code === 'ERR_INVALID_ARG_VALUE'
    ? { status: NOT_FOUND, refusal: `${program}: not found` }
    : { status: NOT_EXECUTABLE, refusal: `${program}: can't be run: ${String(code)}` }
}

/** @returns what ends it */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => {
    if (ofTerminal.includes(signal)) signalGroup(child, signal)
    else child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, pass)
  return () => {
    for (const signal of passedOn) process.off(signal, pass)
  }
}

/** Whether there was anybody in the command's process group; 0 only asks. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  if (isWindows) return child.kill(signal)
  try {
    return process.kill(-child.pid, signal)
  } catch {
    return false
  }
}

const LOOK_AGAIN_MS = 50

/**
 * Ends a command that takes too long: it is asked to, with all that it has started, and then made
 * to. Answers whether it took too long.
 */
async function limitTime(
  child: ChildProcess,
  ended: Promise<Ended>,
  { timeoutMs, killAfterMs, clock }: Supervision,
): Promise<boolean> {
  if (timeoutMs === undefined) return false
  const end = new AbortController()
  void ended.then(() => end.abort('ended'))
  await clock.waitUntil(clock.now() + timeoutMs, end.signal)
  if (end.signal.aborted) return false
  signalGroup(child, 'SIGTERM')
  const killAt = clock.now() + killAfterMs
  await clock.waitUntil(killAt, end.signal)
  while (clock.now() < killAt && signalGroup(child, 0))
    await clock.waitUntil(Math.min(killAt, clock.now() + LOOK_AGAIN_MS))
  signalGroup(child, 'SIGKILL')
  await ended
  return true
}
