import { random } from '../host.ts'
import { Dice } from '../dice.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import type { Parts } from '../parts.ts'
import type { Run } from '../invariant.ts'
import { gathersAlerts } from '../settings.ts'
import { flap } from './flapping.ts'
import { ownCheck, provision, upsertTogether } from './owners.ts'
import { Person, type Scene } from './person.ts'
import { ownRuledChecks } from './ruled.ts'
import { pickSchedule } from './schedules.ts'

const MINUTE_MS = 60_000
const FIRST_MINUTES = 5
/** Far from all other seeds: what is drawn of a job that flaps changes no other draw. */
const FLAPPING_SEEDS = 2 ** 49
/** And what is drawn of checks with rules. */
const RULED_SEEDS = 2 ** 48
const SLOW_MAIL_MS = 800
const call = { method: 'POST', url: 'https://hooks.example.com/', headers: {}, body: '' } as const

/**
 * Makes two projects as an operator does, one of them with a second channel, before anything goes
 * wrong.
 */
export async function setUp(run: Run, { registry, channels }: Parts): Promise<void> {
  const { world } = run
  const created: (CreatedProject & { readonly secondId: string })[] = []
  const makeProjects = async () => {
    for (const name of ['first', 'second']) {
      const project = await registry.createProject(
        { name, email: `${name}@example.com` },
        world.now,
        random,
      )
      if (project === 'key-taken') throw new Error('a key is taken')
      const base = {
        id: random.uuid(),
        version: 1,
        createdAt: world.now,
        verification: { state: 'verified', at: world.now },
      } as const
      const second = {
        ...base,
        kind: 'email',
        name: 'second',
        address: `${name}-too@example.com`,
      }
      await channels.create(project.project.id, second)
      created.push({ ...project, secondId: second.id })
      const third = { id: random.uuid(), version: 1, createdAt: world.now, name: 'third' }
      // Programs hear each flip by itself, people in a chat get digests.
      const isChat = /[0-7]$/.test(third.id)
      const outside = isChat
        ? { ...third, kind: 'slack', url: call.url }
        : { ...third, kind: 'webhook', down: call, up: call }
      if (world.dice.chance(0.3)) await channels.create(project.project.id, outside)
    }
  }
  world.timeline.add(world.now, () => {
    world.start({ name: 'operator' }, makeProjects, ({ state }, result) => {
      if (state === 'failed') throw result
    })
  })
  await world.advanceTo(world.now + MINUTE_MS)
  run.owned = created.map(
    ({ project, channel, apiKey, apiKeyReadonly, pingKey, secondId }, index) => ({
      projectId: project.id,
      apiKey,
      readerKey: apiKeyReadonly,
      strangerKey: created[1 - index]?.apiKey ?? '',
      pingKey,
      channelId: channel.id,
      secondId,
    }),
  )
}

/** Sends jobs and people on their way. */
export function startWork(run: Run): void {
  const { world, deployment, told, endAt } = run
  const { dice } = world
  const areAlike = gathersAlerts(run.settings)
  const stormAt = areAlike ? dice.between(world.now + FIRST_MINUTES * MINUTE_MS, endAt) : Infinity
  const scene: Scene = {
    world,
    deployment,
    told,
    endAt,
    storm: [stormAt, stormAt + dice.between(2, 12) * MINUTE_MS],
  }
  const [shared, of] = [pickSchedule(dice), dice.pick(run.owned)]
  const checks = areAlike ? dice.between(2, 5) : dice.between(1, 4)
  for (let number = 1; number <= checks; number += 1) {
    const [owned, schedule] = areAlike ? [of, shared] : [dice.pick(run.owned), pickSchedule(dice)]
    Person.send(scene, world.now + dice.between(0, FIRST_MINUTES * MINUTE_MS), (person) =>
      ownCheck(person, owned, { number, schedule }),
    )
  }
  sendFlapping(run, scene)
  sendRuled(run, scene)
  if (dice.chance(0.3))
    provision(scene, dice.pick(run.owned), world.now + dice.between(0, 15 * MINUTE_MS))
  if (dice.chance(0.3))
    upsertTogether(scene, dice.pick(run.owned), world.now + dice.between(0, 15 * MINUTE_MS))
  if (dice.chance(0.5)) {
    world.timeline.add(world.now + dice.between(0, endAt - world.now), () => {
      deployment.invocations.invoke('sync', { reconcile: true }, () => undefined)
    })
  }
}

/**
 * In some runs a job flaps; in half of those somebody tests a channel at the same time, again and
 * again, while each mail takes its time.
 */
function sendFlapping({ seed, world, owned }: Run, scene: Scene): void {
  const dice = new Dice(seed + FLAPPING_SEEDS)
  if (!dice.chance(0.15)) return
  const own = dice.pick(owned)
  const areTests = dice.chance(0.5)
  if (areTests) world.faults.mailMs = SLOW_MAIL_MS
  Person.send(scene, world.now + dice.between(0, FIRST_MINUTES * MINUTE_MS), (person) =>
    flap(person, own, { dice, areTests }),
  )
}

/** In a third of the runs somebody has checks with rules. */
function sendRuled({ seed, world, owned }: Run, scene: Scene): void {
  const dice = new Dice(seed + RULED_SEEDS)
  if (!dice.chance(0.33)) return
  const own = dice.pick(owned)
  Person.send(scene, world.now + dice.between(0, MINUTE_MS), (person) =>
    ownRuledChecks(person, own, dice),
  )
}
