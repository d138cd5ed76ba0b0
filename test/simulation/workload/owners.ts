import type { Dice } from '../dice.ts'
import type { ToldCall } from '../told.ts'
import { type JobPlan, work } from './jobs.ts'
import { type Owned, Person, type Scene } from './person.ts'
import { pickSchedule, type PlannedSchedule } from './schedules.ts'

const TRIES = 4

export type PlannedCheck = { readonly number: number; readonly schedule: PlannedSchedule }

/** Makes a check, tells its job the ping URL, and meddles with it from then on. */
export async function ownCheck(
  person: Person,
  owned: Owned,
  { number, schedule }: PlannedCheck,
): Promise<void> {
  const { scene } = person
  const { dice } = scene.world
  const manner = dice.pick(['plain', 'plain', 'runs', 'named-runs', 'bodies'] as const)
  const fields = {
    ...definition(dice, schedule),
    ...(manner === 'bodies' ? bodyRules : {}),
    name: `check ${number}`,
    channels: '*',
  }
  const isUpsert = dice.chance(0.5)
  const answers = await persist(person, () =>
    person.call(
      owned,
      isUpsert
        ? { action: 'upsert', checkId: undefined, fields: { ...fields, unique: ['name'] } }
        : { action: 'create', checkId: undefined, fields },
    ),
  )
  const checkId = answers.answer['uuid']
  if (typeof checkId !== 'string') return
  const plan = {
    url: `/ping/${checkId}`,
    checkId,
    schedule,
    graceSeconds: fields.grace,
    isCreating: false,
    manner,
    ...temper(dice),
  }
  for (let job = dice.chance(0.15) ? 2 : 1; job > 0; job -= 1) {
    Person.send(
      scene,
      person.now + (dice.chance(0.3) ? dice.between(0, 20) : dice.between(0, 30_000)),
      (worker) => work(worker, plan),
      'job',
    )
  }
  await meddle(person, owned, checkId)
}

/** A job whose first ping by slug makes its check; and another that may come at the same time. */
export function provision(scene: Scene, owned: Owned, at: number): void {
  const { dice } = scene.world
  const plan: JobPlan = {
    url: `/ping/${owned.pingKey}/made-by-ping-${dice.between(1, 2)}`,
    checkId: undefined,
    schedule: pickSchedule(dice),
    graceSeconds: 3600,
    isCreating: true,
    manner: 'plain',
    ...temper(dice),
  }
  for (let job = 0; job < 2; job += 1)
    Person.send(scene, at + dice.between(0, 200), (worker) => work(worker, plan), 'job')
}

/** Several who upsert the same check at the same time. */
export function upsertTogether(scene: Scene, owned: Owned, at: number): void {
  const { dice } = scene.world
  for (let caller = 0; caller < 2; caller += 1) {
    const fields = { name: 'upserted', timeout: dice.pick([300, 600]), grace: 60, unique: ['name'] }
    Person.send(scene, at + dice.between(0, 100), async (person) => {
      await persist(person, () =>
        person.call(owned, { action: 'upsert', checkId: undefined, fields }),
      )
    })
  }
}

const bodyRules = { filter_http_body: true, failure_kw: 'FAILED', success_kw: 'WELL' }

function definition(dice: Dice, schedule: PlannedSchedule) {
  return {
    ...schedule.fields,
    grace: dice.pick([60, 90, 180, 300]),
    ...(dice.chance(0.1) ? { methods: 'POST' } : {}),
    ...(dice.chance(0.2) ? { manual_resume: true } : {}),
    ...(dice.chance(0.3) ? { slug: `slug-${dice.between(1, 3)}` } : {}),
  }
}

function temper(dice: Dice) {
  return {
    retries: dice.pick([0, 2, 4]),
    trouble: dice.pick([0, 0.05, 0.3, 0.4]),
    repeats: dice.chance(0.1) ? 8 : 1,
  }
}

async function meddle(person: Person, owned: Owned, checkId: string): Promise<void> {
  const { dice } = person.scene.world
  while (!person.isOver()) {
    await person.wait(dice.between(10_000, 900_000))
    if (person.isOver()) return
    const action = dice.pick([
      'update',
      'update',
      'pause',
      'resume',
      'read',
      'list',
      'delete',
    ] as const)
    if (action === 'delete' && dice.chance(0.7)) continue
    const fields = action === 'update' ? change(dice) : {}
    const key = dice.chance(0.15) ? dice.pick(['reader', 'stranger', 'nobody'] as const) : 'owner'
    if (dice.chance(0.1))
      Person.send(person.scene, person.now, async (other) => {
        await other.call(owned, { action, checkId, fields, key })
      })
    const { status } = await persist(person, () =>
      person.call(owned, { action, checkId, fields, key }),
    )
    if (action === 'pause' && key === 'owner' && dice.chance(0.7))
      await resume(person, owned, checkId)
    if (action === 'delete' && key === 'owner' && status === 200)
      return pingTheDead(person, checkId)
  }
}

async function resume(person: Person, owned: Owned, checkId: string): Promise<void> {
  await person.wait(person.scene.world.dice.between(1000, 300_000))
  await persist(person, () => person.call(owned, { action: 'resume', checkId, fields: {} }))
}

/** What is deleted must answer like what never was. */
async function pingTheDead(person: Person, checkId: string): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    await person.wait(person.scene.world.dice.between(0, count * 10_000))
    await person.ping(
      { method: 'GET', path: `/ping/${checkId}` },
      { checkId, signal: 'success', runId: undefined, isCreating: false },
    )
  }
}

function change(dice: Dice): Readonly<Record<string, unknown>> {
  return dice.pick([
    { ...pickSchedule(dice).fields },
    { grace: dice.pick([60, 120, 240]) },
    { name: `renamed ${dice.between(1, 99)}` },
    { channels: dice.pick(['*', '', 'second']) },
    { slug: dice.pick(['', 'slug-1', 'slug-2', 'slug-3']) },
    { methods: dice.pick(['', 'POST']) },
    { manual_resume: dice.chance(0.5) },
  ])
}

/** Tries again what got no good answer, as people and scripts do. */
async function persist(person: Person, attempt: () => Promise<ToldCall>): Promise<ToldCall> {
  let told = await attempt()
  for (
    let tries = 1;
    tries < TRIES && (told.status === 0 || told.status === 429 || told.status >= 500);
    tries += 1
  ) {
    await person.wait(person.scene.world.dice.between(500, 5000))
    told = await attempt()
  }
  return told
}
