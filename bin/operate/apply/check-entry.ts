import { defaultGraceSeconds } from '../../../lambdas/domain/watching/new-check.ts'
import { given } from '../../../lambdas/managing/fields/given.ts'
import type { FileFields } from './shape.ts'

/** What a file says of a check, or of all that do not say otherwise. */
export type CheckSettings = NonNullable<FileFields['defaults']>
export type RuleEntry = NonNullable<CheckSettings['rules']>

/** A check as files have it, with all that they may leave out. Channels and checks go by names. */
export type CheckEntry = CheckTimes & Rest & { readonly name: string }

type CheckTimes = { readonly timeout: number } | { readonly schedule: string; readonly tz: string }
type Rest = {
  readonly [Field in Exclude<keyof CheckSettings, 'timeout' | 'schedule' | 'tz'>]-?: NonNullable<
    CheckSettings[Field]
  >
}

/** What files may leave out, and new checks have. A name that is left out is the slug. */
export const leftOut: Rest = {
  grace: defaultGraceSeconds,
  desc: '',
  tags: [],
  channels: [],
  rules: {},
  methods: '',
  manual_resume: false,
  start_kw: [],
  success_kw: [],
  failure_kw: [],
  filter_subject: false,
  filter_body: false,
  filter_http_body: false,
  filter_default_fail: false,
}

/** The check that a file means. @returns words where it says no time, or two. */
export function checkEntry(
  slug: string,
  own: CheckSettings & { readonly name?: string | undefined },
  defaults: CheckSettings,
): CheckEntry | string {
  const times = timesOf(own, own.tz ?? defaults.tz) ?? timesOf(defaults, own.tz ?? defaults.tz)
  if (times === undefined) return 'needs a schedule or a timeout'
  if (typeof times === 'string') return times
  const { name = slug } = own
  return { name, ...times, ...leftOut, ...rest(defaults), ...rest(own) }
}

function timesOf(
  { timeout, schedule }: CheckSettings,
  tz = 'UTC',
): CheckTimes | string | undefined {
  if (timeout === undefined) return schedule === undefined ? undefined : { schedule, tz }
  return schedule === undefined ? { timeout } : 'has both a schedule and a timeout'
}

function rest(settings: CheckSettings): Partial<Rest> {
  const names = Object.keys(leftOut)
  return Object.fromEntries(
    Object.entries(given(settings)).filter(([field]) => names.includes(field)),
  )
}
