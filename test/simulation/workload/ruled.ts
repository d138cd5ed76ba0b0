import type { Dice } from '../dice.ts'
import { work } from './jobs.ts'
import { type Owned, Person } from './person.ts'
import { pickSchedule, type PlannedSchedule } from './schedules.ts'

const MINUTE_MS = 60_000
const MOST_CHECKS = 3
/** Windows are for these checks alone. */
export const ruledTag = 'ruled'

/** How one check's people want it, and its job. */
type Ruled = { readonly person: Person; readonly owned: Owned; readonly dice: Dice }

/**
 * Checks with rules of all kinds, one of which some others depend on; somebody who snoozes them,
 * and somebody who plans windows. What they draw changes no other draw but the world's.
 */
export async function ownRuledChecks(person: Person, owned: Owned, dice: Dice): Promise<void> {
  const own = { person, owned, dice }
  const parent = await make(own, 'parent', {})
  if (parent === undefined) return
  const checks = [parent]
  for (let number = dice.between(1, MOST_CHECKS); number > 0; number -= 1) {
    const child = await make(own, `ruled ${number}`, {
      ...(dice.chance(0.4) ? { depends_on: [parent] } : {}),
    })
    if (child !== undefined) checks.push(child)
  }
  if (dice.chance(0.6)) send(person, (other) => snoozeNowAndThen({ ...own, person: other }, checks))
  if (dice.chance(0.6)) send(person, (other) => planWindows({ ...own, person: other }))
}

function send(person: Person, act: (other: Person) => Promise<void>): void {
  Person.send(person.scene, person.now, act)
}

async function make(
  { person, owned, dice }: Ruled,
  name: string,
  more: object,
): Promise<string | undefined> {
  const schedule = pickSchedule(dice)
  const manner = dice.pick(['plain', 'runs', 'runs', 'named-runs'] as const)
  const rules = { ...pickRules(dice, owned, schedule), ...more }
  const fields = {
    ...schedule.fields,
    name,
    grace: 60,
    tags: ruledTag,
    channels: owned.channelId,
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
  }
  const { answer } = await person.call(owned, { action: 'create', checkId: undefined, fields })
  const checkId = answer['uuid']
  if (typeof checkId !== 'string') return undefined
  const plan = {
    url: `/ping/${checkId}`,
    checkId,
    schedule,
    graceSeconds: fields.grace,
    isCreating: false,
    manner,
    repeats: 1,
    retries: dice.pick([0, 2]),
    trouble: dice.pick([0.1, 0.3, 0.5]),
  }
  Person.send(person.scene, person.now + dice.between(0, 5000), (job) => work(job, plan), 'job')
  return checkId
}

function pickRules(dice: Dice, { secondId }: Owned, schedule: PlannedSchedule): object {
  const count = dice.between(1, 3)
  const rules = {
    failures: { count, of: count + dice.between(0, 2) },
    successes: dice.between(1, 3),
    min_runtime: dice.pick([5, 20]),
    max_runtime: dice.pick([30, 120, 400]),
    most_pings: { count: dice.between(1, 4), seconds: dice.pick([60, 300, 600]) },
    repeat: 300,
    escalate: [{ after: dice.pick([60, 240, 600]), channels: secondId }],
    ...(isSparse(schedule) ? { early: 60 } : {}),
  }
  const chances: Readonly<Record<string, number>> = { failures: 0.5, repeat: 0.5, escalate: 0.4 }
  return Object.fromEntries(
    Object.entries(rules).filter(([name]) => dice.chance(chances[name] ?? 0.25)),
  )
}

/** Whether runs are so far apart that a ping may come a minute early. */
function isSparse({ expects }: PlannedSchedule): boolean {
  if ('periodSeconds' in expects) return false
  const minutes = [...expects.minutes].sort((one, other) => one - other)
  return minutes.every((minute, index) => {
    const next = minutes[index + 1] ?? (minutes[0] ?? 0) + 60
    return next - minute >= 5
  })
}

async function snoozeNowAndThen(
  { person, owned, dice }: Ruled,
  checks: readonly string[],
): Promise<void> {
  while (!person.isOver()) {
    await person.wait(dice.between(MINUTE_MS, 8 * MINUTE_MS))
    const checkId = dice.pick(checks)
    await person.call(
      owned,
      dice.chance(0.7)
        ? { action: 'snooze', checkId, fields: { seconds: dice.between(60, 900) } }
        : { action: 'unsnooze', checkId, fields: {} },
    )
  }
}

async function planWindows({ person, owned, dice }: Ruled): Promise<void> {
  while (!person.isOver()) {
    await person.wait(dice.between(0, 5 * MINUTE_MS))
    const when = dice.chance(0.7)
      ? { start: new Date(person.now + dice.between(0, 5) * MINUTE_MS).toISOString() }
      : { schedule: '*/15 * * * *', tz: 'UTC' }
    const fields = {
      name: 'patching',
      tags: dice.chance(0.8) ? ruledTag : 'others',
      ...when,
      seconds: dice.between(60, 600),
    }
    const { answer } = await person.call(owned, { action: 'plan', checkId: undefined, fields })
    await person.wait(dice.between(MINUTE_MS, 15 * MINUTE_MS))
    const id = answer['id']
    if (typeof id === 'string')
      await person.call(owned, { action: 'unplan', checkId: id, fields: {} })
  }
}
