import type { Dice } from '../dice.ts'
import { type Owned, Person } from './person.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** So many tests at a time, beside the first changes, which are told at once. */
const TESTS = 120
const TESTED_CHANGES = 4

export type Flapping = { readonly dice: Dice; readonly areTests: boolean }

/**
 * A job that fails and succeeds in turns, every half minute or so, with a rest now and then. What
 * it draws changes no other draw.
 */
export async function flap(
  person: Person,
  owned: Owned,
  { dice, areTests }: Flapping,
): Promise<void> {
  const fields = { name: 'flapping', timeout: 3600, grace: 300, channels: '*' }
  const { answer } = await person.call(owned, { action: 'create', checkId: undefined, fields })
  const checkId = answer['uuid']
  if (typeof checkId !== 'string') return
  for (let changes = 0; !person.isOver(); changes += 1) {
    if (areTests && changes > 0 && changes <= TESTED_CHANGES) await test(person, owned, dice)
    const [signal, suffix] =
      changes % 2 === 0 ? (['success', ''] as const) : (['fail', '/fail'] as const)
    await person.ping(
      { method: 'GET', path: `/ping/${checkId}${suffix}` },
      { checkId, signal, runId: undefined, isCreating: false },
    )
    await person.wait(
      dice.chance(0.1)
        ? dice.between(MINUTE_MS, 10 * MINUTE_MS)
        : dice.between(12 * SECOND_MS, MINUTE_MS),
    )
  }
}

async function test(person: Person, owned: Owned, dice: Dice): Promise<void> {
  for (let count = 0; count < TESTS; count += 1) {
    Person.send(person.scene, person.now + dice.between(0, SECOND_MS), (other) =>
      other.testChannel(owned),
    )
  }
  await person.wait(SECOND_MS)
}
