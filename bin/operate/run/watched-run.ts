import type { Writable } from 'node:stream'
import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { Random } from '../../../lambdas/runtime/random.ts'
import { isEnoughFor, pingUrlOf, type WatchedCheck } from './destination.ts'
import { type HeldLock, lockNameOf, takeLock } from './lock.ts'
import { makeWantedCheck } from './making.ts'
import { gatherSettings, type SettingsSources } from './settings.ts'
import { type CommandEnd, supervise } from './supervising.ts'
import { OutputTail } from './tail.ts'
import { type RunTelling, ToldRun } from './told-run.ts'

/** What `overdue run` is asked for. */
export type WantedRun = {
  readonly words: readonly string[]
  readonly check: WatchedCheck
  readonly flags: SettingsSources['flags']
  readonly timeoutMs?: number
  readonly startTimeoutMs: number
  readonly patienceMs: number
  /** The exit status where another run holds the lock; without it, there is no lock. */
  readonly lockStatus?: number
  readonly keepsOutput: boolean
}

export type RunDeps = {
  readonly clock: Clock
  readonly random: Random
  readonly environment: SettingsSources['environment']
  readonly readSecret: SettingsSources['readSecret']
  readonly out: Writable
  readonly err: Writable
  /** What concerns pings, and the time limit. */
  readonly note: (line: string) => void
  /** What concerns the command, as that it is not found. */
  readonly complain: (line: string) => void
  readonly firstWaitMs: number
  readonly killAfterMs: number
  readonly lockFolder?: string
}

/** How a run ended: the same as its command, where that was run. */
export type RunEnd = Pick<CommandEnd, 'status' | 'signal'>

const NOT_RUN = 126
const LARGEST_STATUS = 255

/** Runs a command between two pings. Whatever becomes of those, it is run, and ends as it does. */
export async function runWatched(wanted: WantedRun, deps: RunDeps): Promise<RunEnd> {
  const lock = await lockFor(wanted, deps)
  const told = new ToldRun({ ...deps, ...wanted, findPingUrl: () => findPingUrl(wanted, deps) })
  const stopped = new AbortController()
  const stopTelling = () => {
    stopped.abort('stopped')
    told.stop()
  }
  if (lock !== undefined && 'reason' in lock) {
    await told.tell({ ending: lock.ending, body: Buffer.from(lock.reason) })
    return { status: lock.status }
  }
  await told.start()
  const tail = new OutputTail(wanted.keepsOutput ? told.bodyBytes : 0)
  const end = await supervise({
    ...deps,
    ...wanted,
    ...(lock !== undefined && { heldOpen: lock.descriptor }),
    ...(wanted.keepsOutput && {
      output: { out: deps.out, err: deps.err, onData: (said) => tail.push(said) },
    }),
    onEnd: () => {
      for (const signal of endings) process.on(signal, stopTelling)
    },
    stopped: stopped.signal,
  })
  lock?.release()
  if (end.refusal !== undefined) deps.complain(end.refusal)
  if (end.isTimedOut) deps.note(`the command was ${timeoutReason(wanted)}`)
  await told.tell(tellingOf(end, wanted, { said: tail.bytes(), mostBytes: told.bodyBytes }))
  for (const signal of endings) process.off(signal, stopTelling)
  return end
}

/** Who sends these does not want to wait for pings. */
const endings: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGTERM']

/** Why the command is not run, what is told of that, and how it ends. */
type NotRun = { readonly reason: string; readonly ending: 'log' | 'fail'; readonly status: number }

async function lockFor(wanted: WantedRun, deps: RunDeps): Promise<HeldLock | NotRun | undefined> {
  const { lockStatus } = wanted
  const { lockFolder, complain } = deps
  if (lockStatus === undefined) return undefined
  try {
    const lock = await takeLock(await lockNameFor(wanted, deps), lockFolder)
    if (lock !== 'taken') return lock
    const reason = 'not begun, because another run is still going on'
    return { reason, ending: 'log', status: lockStatus }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    complain(reason)
    return { reason, ending: 'fail', status: NOT_RUN }
  }
}

/** By what is at hand: a secret is not waited for before it is known whether the command runs. */
async function lockNameFor({ check, flags }: WantedRun, { environment }: RunDeps): Promise<string> {
  const sources = { flags, environment, readSecret: () => Promise.resolve('') }
  const settings = await gatherSettings(sources, (found) => isEnoughFor(check, found)).catch(
    () => flags,
  )
  return lockNameOf(check.name, settings)
}

async function findPingUrl(
  { check, flags }: WantedRun,
  { environment, readSecret, note }: RunDeps,
): ReturnType<ConstructorParameters<typeof ToldRun>[0]['findPingUrl']> {
  const sources = { flags, environment, readSecret }
  const settings = await gatherSettings(sources, (found) => isEnoughFor(check, found))
  const url = pingUrlOf(check, settings)
  const { name: slug, definition } = check
  if (definition === undefined) return { url, create: check.create === true }
  // A check that a ping made would have another schedule, and be reported down by it.
  await makeWantedCheck({ slug, definition }, settings).catch((error: unknown) =>
    note(
      `the check is not made or changed: ${error instanceof Error ? error.message : String(error)}`,
    ),
  )
  return { url, create: false }
}

type Said = { readonly said: Buffer; readonly mostBytes: number }

/** What is told of a run that has ended. A reason goes last, where alerts show it. */
function tellingOf(
  { status, refusal, isTimedOut }: CommandEnd,
  wanted: WantedRun,
  { said, mostBytes }: Said,
): RunTelling {
  const reason = refusal ?? (isTimedOut ? timeoutReason(wanted) : undefined)
  const body =
    reason === undefined ? said : Buffer.concat([said, Buffer.from(`\noverdue: ${reason}\n`)])
  const ending = reason === undefined && status <= LARGEST_STATUS ? status : 'fail'
  return { ending, body: body.subarray(Math.max(0, body.length - mostBytes)) }
}

function timeoutReason({ timeoutMs = 0 }: WantedRun): string {
  return `ended after ${durationText(timeoutMs / 1000)}, its --timeout`
}
