import { tagsOf } from '../domain/watching/check.ts'
import { type ReadOnlyCheck, readOnlyCheck } from '../domain/people/disclosure.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { judgedAt, statusAt } from '../domain/watching/status-at.ts'
import { failuresIn } from '../domain/watching/run-result.ts'
import type { Held } from '../managing/watched.ts'

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }
type Gauge = { readonly name: string; readonly help: string; readonly samples: readonly Sample[] }

/**
 * The checks as gauges in the text format of Prometheus: those of Healthchecks, and how long things
 * take.
 */
export function gaugesOf(watched: readonly Held[], now: number): string {
  const seen = watched.map(({ check, heartbeat, leeway, hold }): Seen => {
    const { running, lastPingAt, durationMs, rules } = heartbeat
    return {
      check: readOnlyCheck(check),
      running,
      lastPingAt,
      durationMs,
      now,
      status: statusAt(heartbeat, now, leeway),
      isHeld: hold !== undefined,
      failing:
        rules?.failures === undefined
          ? undefined
          : failuresIn(judgedAt(heartbeat, now, leeway).results ?? []),
    }
  })
  const always = measured(seen, checkGauges)
  const sometimes = measured(seen, ruleGauges).filter(({ samples }) => samples.length > 0)
  return [...always, ...sometimes, ...summaries(seen)].map(textOf).join('\n')
}

function measured(seen: readonly Seen[], gauges: readonly CheckGauge[]): readonly Gauge[] {
  return gauges.map(({ measure, ...gauge }) => ({ ...gauge, samples: samplesOf(seen, measure) }))
}

type Seen = {
  readonly check: ReadOnlyCheck
  readonly running: Heartbeat['running'] | undefined
  readonly lastPingAt: number | undefined
  readonly durationMs: number | undefined
  readonly status: ReturnType<typeof statusAt>
  readonly now: number
  readonly isHeld: boolean
  /** Absent where no failures are tolerated. */
  readonly failing: number | undefined
}

/** A check without a value has no line. */
type Measure = (seen: Seen) => number | boolean | undefined

type CheckGauge = Pick<Gauge, 'name' | 'help'> & { readonly measure: Measure }

const checkGauges: readonly CheckGauge[] = [
  {
    name: 'hc_check_up',
    help: 'Whether the check is not down (1 for yes, 0 for no).',
    measure: ({ status }) => status !== 'down',
  },
  {
    name: 'hc_check_started',
    help: 'Whether a run of the check is under way (1 for yes, 0 for no).',
    measure: ({ running }) => running !== undefined,
  },
  {
    name: 'hc_check_grace',
    help: 'Whether the check is late, but not yet down (1 for yes, 0 for no).',
    measure: ({ status }) => status === 'grace',
  },
  {
    name: 'hc_check_paused',
    help: 'Whether the check is paused (1 for yes, 0 for no).',
    measure: ({ status }) => status === 'paused',
  },
  {
    name: 'hc_check_running_seconds',
    help: 'How long the run under way has taken so far.',
    measure: ({ running, now }) => secondsSince(running?.startedAt, now),
  },
  {
    name: 'hc_check_last_duration_seconds',
    help: 'How long the last run took that reported its start and its end.',
    measure: ({ durationMs }) => durationMs && durationMs / 1000,
  },
  {
    name: 'hc_check_last_ping_age_seconds',
    help: 'How long ago the last success or fail was.',
    measure: ({ lastPingAt, now }) => secondsSince(lastPingAt, now),
  },
]

/** Of checks with rules, snoozes, windows; left out where no check has a value. */
const ruleGauges: readonly CheckGauge[] = [
  {
    name: 'hc_check_held',
    help: 'Whether the alerts of the check wait (1 for yes).',
    measure: ({ isHeld }) => isHeld || undefined,
  },
  {
    name: 'hc_check_failing',
    help: 'How many of the last runs failed, of a check that tolerates some.',
    measure: ({ failing }) => failing,
  },
]

/** Pings are dated by several machines: one that is ahead of this one has not come before now. */
function secondsSince(at: number | undefined, now: number): number | undefined {
  return at === undefined ? undefined : Math.max(0, now - at) / 1000
}

function samplesOf(seen: readonly Seen[], measure: Measure): readonly Sample[] {
  return seen.flatMap((each) => {
    const value = measure(each)
    const { name, tags, uniqueKey } = each.check
    return value === undefined
      ? []
      : [{ labels: { name, tags, unique_key: uniqueKey }, value: Number(value) }]
  })
}

function summaries(seen: readonly Seen[]): readonly Gauge[] {
  const down = seen.filter(({ status }) => status === 'down')
  const downTags = new Set(down.flatMap(({ check }) => tagsOf(check)))
  const tags = [...new Set(seen.flatMap(({ check }) => tagsOf(check)))].sort()
  return [
    {
      name: 'hc_tag_up',
      help: 'Whether no check with this tag is down (1 for yes, 0 for no).',
      samples: tags.map((tag) => ({ labels: { tag }, value: Number(!downTags.has(tag)) })),
    },
    {
      name: 'hc_checks_total',
      help: 'How many checks there are.',
      samples: [{ value: seen.length }],
    },
    {
      name: 'hc_checks_down_total',
      help: 'How many checks are down.',
      samples: [{ value: down.length }],
    },
  ]
}

function textOf({ name, help, samples }: Gauge): string {
  const lines = samples.map(
    ({ labels, value }) => `${name}${labels === undefined ? '' : labelsText(labels)} ${value}`,
  )
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n')
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return `{${pairs.join(', ')}}`
}

/** Prometheus ends a line at a line feed only; it takes all other characters as they are. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
