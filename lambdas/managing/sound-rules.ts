import { isDeepStrictEqual } from 'node:util'
import { gapUpTo } from '../domain/schedule/short-gap.ts'
import type { Check } from '../domain/watching/check.ts'
import { dependenciesOf } from '../domain/watching/dependencies.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Registry } from '../store/registry/registry.ts'

export type SoundRulesDeps = {
  readonly registry: Pick<Registry, 'channelNames' | 'census' | 'checks'>
  readonly clock: Pick<Clock, 'now'>
}

/** What is wrong with rules, or with a schedule under them, that only all of a project shows. */
export type UnsoundRules =
  | { readonly refusal: 'early-without-schedule' }
  | { readonly refusal: 'early-too-long'; readonly gapSeconds: number }
  | { readonly refusal: 'escalation-unknown'; readonly channelId: string }
  | { readonly refusal: 'parent-unknown'; readonly checkId: string }
  | { readonly refusal: 'parent-circular' }
  | Unreadable

/** Checks that can't be read, one of which may decide. */
export type Unreadable = { readonly refusal: 'unreadable'; readonly checks: readonly string[] }

/** The revision of the census at which rules are sound, where it counts. */
export type Soundness = { readonly revision?: number }

/**
 * Judges the rules of a check that is to be written. Only what is new is judged: channels and
 * checks that are deleted later are left out where they are read.
 * @param before absent for a new check, which no other can depend on yet
 */
export async function soundnessOf(
  deps: SoundRulesDeps,
  after: Check,
  before?: Check,
): Promise<Soundness | UnsoundRules> {
  return (
    unsoundEarly(deps, after, before) ??
    (await unknownEscalation(deps, after, before)) ??
    soundParents(deps, after, before)
  )
}

function unsoundEarly(
  { clock }: SoundRulesDeps,
  after: Check,
  before: Check | undefined,
): UnsoundRules | undefined {
  const { schedule, timeZone, graceSeconds, rules: { earlySeconds } = {} } = after
  if (earlySeconds === undefined || isDeepStrictEqual(timingOf(after), before && timingOf(before)))
    return undefined
  if (schedule.kind === 'simple') return { refusal: 'early-without-schedule' }
  const longest = (earlySeconds + graceSeconds) * 1000
  const gap = gapUpTo(longest, { schedule, timeZone, now: clock.now() })
  return gap === undefined ? undefined : { refusal: 'early-too-long', gapSeconds: gap / 1000 }
}

function timingOf({ schedule, timeZone, graceSeconds, rules }: Check) {
  return { schedule, timeZone, graceSeconds, earlySeconds: rules?.earlySeconds }
}

async function unknownEscalation(
  { registry }: SoundRulesDeps,
  { projectId, rules: { escalate = [] } = {} }: Check,
  before: Check | undefined,
): Promise<UnsoundRules | undefined> {
  if (escalate.length === 0 || isDeepStrictEqual(escalate, before?.rules?.escalate))
    return undefined
  const known = new Set((await registry.channelNames(projectId)).map(({ id }) => id))
  const channelId = escalate.flatMap(({ channelIds }) => channelIds).find((id) => !known.has(id))
  return channelId === undefined ? undefined : { refusal: 'escalation-unknown', channelId }
}

/** The census is read first: who writes at its revision knows that no other has closed a circle. */
async function soundParents(
  { registry }: SoundRulesDeps,
  { id, projectId, rules: { dependsOn = [] } = {} }: Check,
  before: Check | undefined,
): Promise<Soundness | UnsoundRules> {
  if (dependsOn.length === 0 || isDeepStrictEqual(dependsOn, before?.rules?.dependsOn)) return {}
  const { revision } = await registry.census(projectId)
  const unreadable: string[] = []
  const checks = await registry.checks(projectId, (check) => unreadable.push(check))
  const known = new Set([...checks.map((check) => check.id), ...unreadable])
  const checkId = dependsOn.find((parent) => !known.has(parent))
  if (checkId !== undefined) return { refusal: 'parent-unknown', checkId }
  const reached = dependenciesOf(dependsOn, checks)
  if (reached.has(id)) return { refusal: 'parent-circular' }
  // Nobody knows what these depend on.
  if (unreadable.some((check) => reached.has(check)))
    return { refusal: 'unreadable', checks: unreadable }
  return before === undefined ? {} : { revision }
}
