import type { Dice } from '../dice.ts'
import type { Owned, Person } from './person.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000

/** A job that fails and succeeds in turns, every half minute or so, with a rest now and then. What it draws changes no other draw. */
export async function flap(person: Person, owned: Owned, dice: Dice): Promise<void> {
  const fields = { name: 'flapping', timeout: 3600, grace: 300, channels: '*' }
  const { answer } = await person.call(owned, { action: 'create', checkId: undefined, fields })
  const checkId = answer['uuid']
  if (typeof checkId !== 'string') return
  for (let isWell = true; !person.isOver(); isWell = !isWell) {
    const [signal, suffix] = isWell ? (['success', ''] as const) : (['fail', '/fail'] as const)
    await person.ping({ method: 'GET', path: `/ping/${checkId}${suffix}` }, { checkId, signal, runId: undefined, isCreating: false })
    await person.wait(dice.chance(0.1) ? dice.between(MINUTE_MS, 10 * MINUTE_MS) : dice.between(12 * SECOND_MS, MINUTE_MS))
  }
}
