/** What a check asks for beyond its schedule and grace. All of it is optional; none is `{}`. */
export type Rules = StateRules & TellingRules

/** The part that says what pings do, and when a check goes down. Heartbeats carry it. */
export type StateRules = {
  /** How long a run may take that reported its start, instead of the grace time. */
  readonly maxRuntimeSeconds?: number
  /** A success that ends its own run sooner is a failure. */
  readonly minRuntimeSeconds?: number
  /** How long before a scheduled run a success may come as the ping of that run. */
  readonly earlySeconds?: number
  /** More ends of runs than this within so many seconds are failures. */
  readonly mostPings?: MostPings
  readonly failures?: Tolerance
  /** How many successes in a row bring up again a check that is down. */
  readonly successes?: number
}

/** The part that says who is told, and when. It stays in the registry. */
export type TellingRules = {
  readonly repeatSeconds?: number
  readonly escalate?: readonly Escalation[]
  /** Ids of checks of the project: while one of them is down, alerts wait. */
  readonly dependsOn?: readonly string[]
}

export type MostPings = { readonly count: number; readonly seconds: number }
/** A check goes down at the `count`-th failure among its last `of` runs. */
export type Tolerance = { readonly count: number; readonly of: number }
/** Further channels, told when a check is still down after so long. */
export type Escalation = { readonly afterSeconds: number; readonly channelIds: readonly string[] }

/**
 * The rules without channels and checks that don't exist any more; undefined where none is left.
 */
export function withExisting(
  { escalate = [], dependsOn = [], ...others }: Rules,
  isThere: (id: string) => boolean,
): Rules | undefined {
  const steps = escalate
    .map((step) => ({ ...step, channelIds: step.channelIds.filter(isThere) }))
    .filter(({ channelIds }) => channelIds.length > 0)
  const parents = dependsOn.filter(isThere)
  const rules = {
    ...others,
    ...(steps.length === 0 ? {} : { escalate: steps }),
    ...(parents.length === 0 ? {} : { dependsOn: parents }),
  }
  return Object.keys(rules).length === 0 ? undefined : rules
}

/** Whether rules say who is told, or when. */
export function hasTellingRules(rules: TellingRules | undefined): boolean {
  const { repeatSeconds, escalate, dependsOn } = rules ?? {}
  return repeatSeconds !== undefined || escalate !== undefined || dependsOn !== undefined
}

/** The state rules among all; undefined where there are none. */
export function stateRulesOf({
  repeatSeconds: _,
  escalate: __,
  dependsOn: ___,
  ...rules
}: Rules): StateRules | undefined {
  return Object.keys(rules).length === 0 ? undefined : rules
}
