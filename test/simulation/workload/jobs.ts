import type { Dice } from '../dice.ts'
import { isIn } from '../faults.ts'
import type { ToldPing } from '../told.ts'
import type { Person } from './person.ts'
import { nextRun, type PlannedSchedule } from './schedules.ts'

/** Where a job pings: by the UUID of its check, or by a slug that may make the check. */
export type JobPlan = {
  readonly url: string
  readonly checkId: string | undefined
  readonly schedule: PlannedSchedule
  readonly graceSeconds: number
  readonly isCreating: boolean
  /** How it says what it does: by success alone, by start and end, or in bodies. */
  readonly manner: 'plain' | 'runs' | 'named-runs' | 'bodies'
  /** How often it says that all is well, where once is enough. */
  readonly repeats: number
  /** How often it tries a request that got no good answer. */
  readonly retries: number
  /** How likely it skips a run, comes too late, or reports a failure. */
  readonly trouble: number
}

/** What makes all jobs fail makes them fail at about the same time. */
const STORM_MS = 5000

type ScriptedPing = {
  readonly signal: ToldPing['signal']
  readonly suffix?: string
  readonly runId?: string
  readonly body?: string
}

/**
 * A job that runs as its schedule says until the scene is over: mostly in time, sometimes late,
 * sometimes not.
 */
export async function work(person: Person, plan: JobPlan): Promise<void> {
  const { dice } = person.scene.world
  if (dice.chance(0.7)) await tell(person, plan, { signal: 'success' })
  while (!person.isOver()) {
    await person.until(nextRun(plan.schedule, person.now))
    const isStormy = isIn(person.scene.storm, person.now)
    await person.wait(isStormy ? dice.between(0, STORM_MS) : delayOf(plan, dice))
    if (person.isOver() || (!isStormy && dice.chance(plan.trouble))) continue
    await run(person, plan)
  }
}

/**
 * How long after its time a run pings. Some come at the last moment or a little after it, where a
 * sweep is about to flag them.
 */
function delayOf({ trouble, graceSeconds }: JobPlan, dice: Dice): number {
  if (dice.chance(trouble)) return dice.between(0, 3 * graceSeconds * 1000)
  const isLast = dice.chance(trouble)
  return isLast
    ? graceSeconds * 1000 + dice.pick([dice.between(-500, 2500), dice.between(1990, 2300)])
    : dice.between(0, graceSeconds * 400)
}

async function run(person: Person, plan: JobPlan): Promise<void> {
  const { dice } = person.scene.world
  const runId = plan.manner === 'named-runs' ? dice.uuid() : undefined
  const named = runId === undefined ? {} : { runId }
  const fails = isIn(person.scene.storm, person.now) || dice.chance(plan.trouble)
  if (plan.manner === 'bodies')
    return tell(person, plan, {
      signal: 'by-body',
      body: fails ? 'it FAILED badly' : 'all is WELL done',
    })
  if (plan.manner !== 'plain') {
    await tell(person, plan, { signal: 'start', suffix: '/start', ...named })
    await person.wait(
      dice.between(
        10,
        dice.chance(plan.trouble) ? plan.graceSeconds * 1500 : plan.graceSeconds * 500,
      ),
    )
  }
  if (dice.chance(0.1))
    await tell(person, plan, { signal: 'log', suffix: '/log', body: 'half-way' })
  const end: ScriptedPing = fails
    ? dice.pick([
        { signal: 'fail', suffix: '/fail' } as const,
        { signal: 'fail', suffix: '/3', body: 'exit status 3' } as const,
      ])
    : dice.pick([{ signal: 'success' } as const, { signal: 'success', suffix: '/0' } as const])
  for (let repeat = 0; repeat < plan.repeats; repeat += 1)
    await tell(person, plan, { ...end, ...named })
}

/**
 * Sends a ping as `curl --retry` does: again after timeouts, 429 and 5xx, as a new request each
 * time.
 */
async function tell(
  person: Person,
  plan: JobPlan,
  { signal, suffix = '', runId, body }: ScriptedPing,
): Promise<void> {
  const { dice } = person.scene.world
  const method = body !== undefined || dice.chance(0.3) ? 'POST' : 'GET'
  const query = [runId === undefined ? '' : `rid=${runId}`, plan.isCreating ? 'create=1' : '']
    .filter((part) => part !== '')
    .join('&')
  const said = { method, path: `${plan.url}${suffix}`, ...(body === undefined ? {} : { body }) }
  const asked = { ...(inOhDearsWords(plan, suffix) ?? said), query }
  for (let attempt = 0; attempt <= plan.retries; attempt += 1) {
    const status = await person.ping(asked, {
      checkId: plan.checkId,
      signal,
      runId,
      isCreating: plan.isCreating,
    })
    if (status !== 0 && status !== 429 && status < 500) return
    await person.wait(1000 * 2 ** attempt)
  }
}

/** By what a job says in the words of Healthchecks: where it posts instead, and what. */
const ohDearsWords: Readonly<Record<string, readonly [path: string, body: string]>> = {
  '/start': ['/starting', '[]'],
  '': ['/finished', '[]'],
  '/0': ['/finished', '[]'],
  '/3': ['/finished', '{"exit_code":3}'],
  '/fail': ['/failed', '[]'],
}

/** Half of the jobs that name no runs say all that they can in Oh Dear's words. */
function inOhDearsWords({ url, checkId, manner }: JobPlan, suffix: string) {
  const [path, body] = ohDearsWords[suffix] ?? []
  const isTheirs = /[0-7]$/.test(checkId ?? '') && (manner === 'plain' || manner === 'runs')
  return isTheirs && path !== undefined && body !== undefined
    ? { method: 'POST', path: `${url}${path}`, body }
    : undefined
}
