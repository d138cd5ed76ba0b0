import { checkAnswer } from '../managing/shown/check-answer.ts'
import { type Channel, wantsOf } from '../channels/kinds.ts'
import type { Alert, Payload } from '../domain/telling/alert.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Impairment } from '../domain/watching/impairment.ts'
import type { KeptBody } from '../domain/watching/kept-body.ts'
import { bodyText } from '../domain/wire/body-text.ts'
import type { Clock } from '../runtime/clock.ts'

export type PayloadDeps = {
  readonly clock: Pick<Clock, 'now'>
  /**
   * Where the management API and pings are, without a slash at their ends: for what shows a check
   * as the API does.
   */
  readonly apiRoot: string
  readonly pingEndpoint: string
}

/** A message of a queue has to hold it, and the rest of a delivery. */
const PAYLOAD_BODY_BYTES = 10_000

type Known = {
  readonly alert: Alert
  readonly check: Check
  readonly heartbeat: Heartbeat
  readonly body: KeptBody | undefined
  readonly impairment: Impairment
}

/**
 * What a channel asks for beyond the alert, so that sending it asks nobody anything.
 */
export function payloadOf(
  { apiRoot: root, pingEndpoint, clock }: PayloadDeps,
  channel: Channel,
  { alert, check, heartbeat, body, impairment }: Known,
): { readonly payload?: Payload } {
  const wants = wantsOf(channel, alert.flip.status)
  if (wants === undefined) return {}
  const viewer = {
    site: { root, version: 3, pingEndpoint },
    access: 'read-write',
    now: clock.now(),
    impairment,
  } as const
  const shown = { ...check, description: alert.check.description }
  return {
    payload: {
      ...(wants.check ? { check: checkAnswer(shown, heartbeat, viewer) } : {}),
      ...(wants.body && body !== undefined ? { body: payloadBodyOf(body) } : {}),
    },
  }
}

/** The beginning of a body, for webhooks; of a mail what it says. */
function payloadBodyOf({ bytes, words }: KeptBody): string {
  const beginning = bodyText((words?.text.bytes ?? bytes).subarray(0, PAYLOAD_BODY_BYTES))
  return words === undefined ? beginning : `${words.subject}\n\n${beginning}`
}
