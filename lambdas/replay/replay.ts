import { keptBody } from '../domain/watching/kept-body.ts'
import { checkIdOf, type SpilledPing } from '../domain/watching/spilled-ping.ts'
import { type BodyTypeDeps, bodyTypeOf } from '../ping/body-type.ts'
import { namedCheck, type NamingDeps } from '../ping/named-check.ts'
import type { Clock } from '../runtime/clock.ts'
import { log } from '../runtime/log.ts'
import { expiryAfter } from '../store/items/expiry.ts'
import type { Journal } from '../store/watching/journal.ts'
import type { Replays } from '../store/watching/replays.ts'

export type RecordingDeps = NamingDeps &
  BodyTypeDeps & {
    readonly replays: Pick<Replays, 'record'>
    readonly journal: Pick<Journal, 'putBody'>
    readonly clock: Pick<Clock, 'now'>
    readonly logDays: number
  }

/**
 * Records one ping. A ping that names no check is dropped: its sender would have been refused.
 * @throws when its check may only be made a minute later.
 */
export async function replay(deps: RecordingDeps, spilled: SpilledPing): Promise<void> {
  const { addressee, ping, mayCreate } = spilled
  const named = await namedCheck(deps, addressee, mayCreate)
  if ('refusal' in named && named.refusal === 'limited')
    throw new Error('too many checks were made by pings in this minute')
  const outcome = 'refusal' in named ? named.refusal : await record(deps, named.checkId, spilled)
  if (outcome === undefined)
    log('ping-replayed', {
      check: checkIdOf(addressee),
      delaySeconds: Math.round((deps.clock.now() - ping.at) / 1000),
    })
  else log('replay-dropped', { check: checkIdOf(addressee), reason: outcome })
}

async function record(
  deps: RecordingDeps,
  checkId: string,
  spilled: SpilledPing,
): Promise<'unknown' | undefined> {
  const { ping } = spilled
  const body = Buffer.from(spilled.body, 'base64')
  const readBodyType = () => bodyTypeOf(deps, checkId, body)
  const replayed = await deps.replays.record(checkId, ping, { readBodyType, now: deps.clock.now() })
  if (replayed === 'missing') return 'unknown'
  if (body.length > 0)
    await deps.journal.putBody(
      { checkId, number: replayed.number, at: ping.at },
      keptBody(body, ping),
      expiryAfter(deps.logDays, ping.at),
    )
  return undefined
}
