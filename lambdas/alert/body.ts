import type { LastBody } from '../domain/telling/alert.ts'
import type { LoggedCheck } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { cutInWords, type KeptBody } from '../domain/watching/kept-body.ts'
import { tailOf } from '../domain/wire/body-text.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Journal } from '../store/watching/journal.ts'

export type BodyDeps = { readonly journal: Pick<Journal, 'body'>; readonly clock: Clock }

const BODY_WAIT_MS = 2000
const BODY_READ_EVERY_MS = 250
const BODY_TAIL_LENGTH = 2000

/**
 * The body that the last ping announced; undefined when it announced none, or none comes. It is
 * written after the heartbeat, so it may still be on its way.
 */
export async function announcedBodyOf(
  { journal, clock }: BodyDeps,
  check: LoggedCheck,
  { pingCount, lastPing }: Heartbeat,
): Promise<KeptBody | undefined> {
  if (lastPing === undefined || lastPing.bodyBytes === 0) return undefined
  const giveUpAt = clock.now() + BODY_WAIT_MS
  let body = await journal.body(check, pingCount, clock.now())
  while (body === undefined && clock.now() < giveUpAt) {
    await clock.waitUntil(clock.now() + BODY_READ_EVERY_MS)
    body = await journal.body(check, pingCount, clock.now())
  }
  return body
}

/** What an alert shows of a body: its end, where errors stand. */
export function lastBodyOf(body: KeptBody, { pingCount }: Heartbeat): LastBody {
  const shown = body.words?.text ?? body
  const cut = cutInWords(shown)
  return {
    pingNumber: pingCount,
    tail: tailOf(shown.bytes, BODY_TAIL_LENGTH),
    ...(cut === undefined ? {} : { cut }),
    ...(body.words === undefined ? {} : { subject: body.words.subject }),
  }
}
