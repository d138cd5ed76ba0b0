import type { Dice } from './dice.ts'

/** What can happen to one try of a call to AWS. */
export type CallFault =
  | 'killed-before'
  | 'killed-after'
  | 'answer-lost'
  | 'request-lost'
  | 'throttled'
  | 'failed-before'
  | 'failed-after'
  | 'late'
  | 'partly'
  | 'conflict'

/** How likely faults are, each by itself. All zero is a world in which nothing goes wrong. */
export type FaultRates = Readonly<Record<CallFault | PlatformFault, number>>

/** What can happen to events: of streams, queues, the scheduler, and requests. */
export type PlatformFault =
  | 'duplicated'
  | 'delayed'
  | 'slow'
  | 'stale'
  | 'refused'
  | 'unheard'
  | 'sweep-missed'
  | 'sweep-doubled'
  | 'mail-refused'
  | 'webhook-refused'

const callFaults: readonly CallFault[] = [
  'killed-before',
  'killed-after',
  'answer-lost',
  'request-lost',
  'throttled',
  'failed-before',
  'failed-after',
  'late',
  'partly',
  'conflict',
]
const platformFaults: readonly PlatformFault[] = [
  'duplicated',
  'delayed',
  'slow',
  'stale',
  'refused',
  'unheard',
  'sweep-missed',
  'sweep-doubled',
  'mail-refused',
  'webhook-refused',
]

/**
 * The faults of one run: some kinds of them, each seldom or often; and two stretches of time in
 * which there are no sweeps, or no mail is taken.
 */
export class Faults {
  readonly rates: FaultRates
  readonly maxSkewMs: number
  /** From when to when nothing of the kind works. */
  noSweeps: Stretch
  readonly noMail: Stretch
  /**
   * No request gets to the ping function. It is no fault of the rest, and pings may fail where
   * nothing else does.
   */
  noPings: Stretch = [0, 0]
  /** The function that takes flips does not start. It is no fault of the rest either. */
  noAlerts: Stretch = [0, 0]
  /** How much longer than other calls it takes to hand over a mail. It is no fault. */
  mailMs = 0
  /**
   * The function that follows the registry is refused whatever it asks DynamoDB, in the calm at the
   * end of a run, too.
   */
  throttledSync: Stretch = [0, 0]
  /** The host of webhooks is somebody else's: it fails also where nothing of ours does. */
  readonly noWebhooks: Stretch
  /** A table or a queue, and when it refuses everything. */
  readonly outage: { readonly resource: string; readonly during: Stretch }
  isOver = false
  readonly #dice: Dice
  readonly #callRate: number
  /** Whether nothing of AWS fails in this run, and all clocks agree. */
  readonly areNone: boolean

  constructor(dice: Dice, [startAt, endAt]: Stretch, switchedOff: ReadonlySet<string> = new Set()) {
    this.#dice = dice
    const level = dice.pick([0, 0.3, 0.6, 1])
    const rate = (name: string, rates: readonly number[]) => {
      const drawn = dice.chance(level) ? dice.pick(rates) : 0
      return [name, switchedOff.has(name) ? 0 : drawn] as const
    }
    this.rates = Object.fromEntries([
      ...callFaults.map((name) => rate(name, [0.002, 0.01, 0.03])),
      ...platformFaults.map((name) => rate(name, [0.01, 0.05, 0.2])),
    ]) as FaultRates
    this.#callRate = callFaults.reduce((sum, name) => sum + this.rates[name], 0)
    this.maxSkewMs =
      dice.chance(level * 0.5) && !switchedOff.has('skew') ? dice.pick([5, 100, 1000]) : 0
    const stretch = (name: string, longest: number): Stretch => {
      const from = dice.between(startAt, endAt - 60_000)
      return dice.chance(level * 0.4) && !switchedOff.has(name)
        ? [from, from + dice.between(1, longest) * 60_000]
        : [0, 0]
    }
    this.noSweeps = stretch('no-sweeps', 60)
    this.noMail = stretch('no-mail', 40)
    const [from, isFailing] = [dice.between(startAt, endAt - 60_000), dice.chance(0.4)]
    this.noWebhooks =
      isFailing && !switchedOff.has('no-webhooks')
        ? [from, from + dice.between(2, 40) * 60_000]
        : [0, 0]
    const resource = dice.pick([
      'Heartbeats',
      'Registry',
      'Journal',
      'Lookups',
      'Flips',
      'Flips',
      'Deliveries',
      'Deliveries',
    ])
    this.outage = { resource, during: stretch('outage', 12) }
    const stretches = [this.noSweeps, this.noMail, this.outage.during]
    this.areNone =
      Object.values(this.rates).every((each) => each === 0) &&
      this.maxSkewMs === 0 &&
      stretches.every(([, until]) => until === 0)
  }

  /** What happens to the next try of a call. */
  ofCall(resource: string, now: number, by: string): CallFault | undefined {
    if (by === 'sync' && isIn(this.throttledSync, now)) return 'throttled'
    if (this.isOver) return undefined
    if (resource === this.outage.resource && isIn(this.outage.during, now)) return 'throttled'
    if (!this.#dice.chance(this.#callRate)) return undefined
    let left = (this.#dice.between(0, 1_000_000) / 1_000_000) * this.#callRate
    return callFaults.find((name) => (left -= this.rates[name]) < 0)
  }

  /** Whether a thing happens that is no fault of a call. */
  strikes(fault: PlatformFault): boolean {
    return !this.isOver && this.#dice.chance(this.rates[fault])
  }
}

export type Stretch = readonly [from: number, until: number]

export function isIn([from, until]: Stretch, at: number): boolean {
  return at >= from && at < until
}
