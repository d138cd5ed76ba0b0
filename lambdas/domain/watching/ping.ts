/** What a job says with a ping. A nonzero exit status is a fail, zero a success. */
export type Signal = 'success' | 'start' | 'fail' | 'log'

/** How a ping stands in the log: its signal, or `ign` when a rule said to ignore it. */
export type PingType = Signal | 'ign'

/** One ping as it stands in the log, but for its number. */
export type PingDetails = {
  readonly type: PingType
  readonly at: number
  readonly scheme: string
  readonly method: string
  readonly address: string
  readonly userAgent: string
  readonly runId?: string
  readonly exitStatus?: number
  /** How long the run took, where the ping says so. A start that was told counts more. */
  readonly tookMs?: number
  /** How many bytes of its body are kept; 0 when it had none. */
  readonly bodyBytes: number
  /** How many bytes its body had; absent when all are kept. */
  readonly receivedBytes?: number
}

/**
 * A ping on its way in. `requestId` tells a retried write from a further ping. A mail may be
 * ignored before it gets here: its words are judged first.
 */
export type Ping = Omit<PingDetails, 'type'> & {
  readonly signal: PingType
  readonly requestId: string
}

/** One line of the ping log. `number` counts the pings of a check from 1. */
export type LoggedPing = PingDetails & { readonly number: number }

/** Whether a ping came by mail: it has no method, and the rules on HTTP requests are not for it. */
export function isMail({ scheme }: Pick<PingDetails, 'scheme'>): boolean {
  return scheme === 'email'
}
