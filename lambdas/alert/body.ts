import type { LastBody } from '../domain/telling/alert.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { cutInWords, type KeptBody } from '../domain/watching/kept-body.ts'
import { tailOf } from '../domain/wire/body-text.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Journal } from '../store/watching/journal.ts'

export type BodyDeps = { readonly journal: Pick<Journal, 'body'>; readonly clock: Clock }

const BODY_WAIT_MS = 2000
const BODY_LOOK_INTERVAL_MS = 250
const BODY_TAIL_LENGTH = 2000

/**
 * The body that the last ping announced. It is written after the heartbeat, so it may be on its way
 * still, or lost.
 */
export async function announcedBodyOf(
  { journal, clock }: BodyDeps,
  heartbeat: Heartbeat,
): Promise<KeptBody | undefined> {
  const { id, pingCount, lastPing } = heartbeat
  if (lastPing === undefined || lastPing.bodyBytes === 0) return undefined
  const giveUpAt = clock.now() + BODY_WAIT_MS
  let body = await journal.body(id, pingCount, clock.now())
  while (body === undefined && clock.now() < giveUpAt) {
    await clock.waitUntil(clock.now() + BODY_LOOK_INTERVAL_MS)
    body = await journal.body(id, pingCount, clock.now())
  }
  return body
}

/** What an alert shows of a body: its end, where errors stand. */
export function lastBodyOf(body: KeptBody, { pingCount }: Heartbeat): LastBody {
  const told = body.words?.text ?? body
  const cut = cutInWords(told)
  return {
    pingNumber: pingCount,
    tail: tailOf(told.bytes, BODY_TAIL_LENGTH),
    ...(cut === undefined ? {} : { cut }),
    ...(body.words === undefined ? {} : { subject: body.words.subject }),
  }
}
