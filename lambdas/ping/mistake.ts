import type { Addressee } from '../domain/watching/ping-url.ts'
import type { ProvisionRefusal } from '../domain/watching/provisioning.ts'
import type { Clock } from '../runtime/clock.ts'
import { within } from '../runtime/within.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { type PingAnswer, answer, type AnswerSettings, refused } from './answers.ts'
import type { Mistaken } from './dialects/dialect.ts'
import { checkBehind, type NamingDeps } from './named-check.ts'
import { RECORDING_MS } from './take.ts'

export type MistakeDeps = Pick<NamingDeps, 'lookups'> &
  AnswerSettings & {
    readonly heartbeats: Pick<Heartbeats, 'isKnown'>
    readonly clock: Clock
  }

/**
 * Says what is wrong with a ping, if its check exists. It says so as well when that can't be read,
 * because the same ping would be wrong again.
 */
export async function answerMistake(
  deps: MistakeDeps,
  { addressee, mistake, mayCreate }: Mistaken,
): Promise<PingAnswer> {
  const found = await within(
    deps.clock,
    deps.clock.now() + RECORDING_MS,
    refusalOf(deps, addressee, mayCreate),
  )
  const refusal = 'done' in found ? found.done : undefined
  return refusal === undefined ? answer(deps, [400, mistake]) : refused(deps, addressee, refusal)
}

/** Why the ping would be refused anyway. It makes no check. */
async function refusalOf(
  deps: MistakeDeps,
  addressee: Addressee,
  mayCreate: boolean,
): Promise<ProvisionRefusal | undefined> {
  if ('checkId' in addressee)
    return (await deps.heartbeats.isKnown(addressee.checkId)) ? undefined : 'unknown'
  const found = await checkBehind(deps.lookups, addressee, mayCreate)
  return typeof found === 'object' && 'refusal' in found ? found.refusal : undefined
}
