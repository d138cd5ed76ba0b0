import { type RunRules, runRulesText } from '../../../lambdas/store/watching/run-rules-item.ts'
import { beatsOf, itemsOf } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

type Item = Readonly<Record<string, unknown>>

/**
 * 7. Heartbeats and lookups say what the registry says, of all checks and of no others; and a
 * reconcile finds nothing to write.
 */
export const copiesAgree: Invariant = {
  name: '7 copies agree',
  find(run) {
    const registry = itemsOf(run, 'Registry')
    const checks = registry.filter(({ sk }) => String(sk).startsWith('check#'))
    return [
      ...heartbeatsApart(run, checks),
      ...aliasesApart(run, registry, checks),
      ...run.reconcileWrites.map((write) => `a second reconcile writes: ${write}`),
    ]
  },
}

function heartbeatsApart(run: Run, checks: readonly Item[]): readonly string[] {
  const beats = new Map(beatsOf(run).map((beat) => [beat.id, beat]))
  const ids = new Set(checks.map(({ id }) => String(id)))
  const strays = [...beats.keys()]
    .filter((id) => !ids.has(id))
    .map((id) => `heartbeat ${id} has no check`)
  const others = checks.flatMap((check) => {
    const { v, P, C, O, Z, G, M = '', m = false, x, X, E, R } = beats.get(String(check['id'])) ?? {}
    const [wanted, found] = [
      wantedOf(check),
      JSON.stringify([v, P, C, O, Z, G, M, m, x !== undefined, X, E, R]),
    ]
    return wanted === found
      ? []
      : [`heartbeat ${String(check['id'])} has ${found}, its check ${wanted}`]
  })
  return [...strays, ...others]
}

function wantedOf({
  version,
  schedule,
  timeZone,
  graceSeconds,
  methods,
  manualResume,
  filters,
  rules = {},
}: Item): string {
  const { kind, periodSeconds, expression } = schedule as Item
  const [cron, calendar] = [
    kind === 'cron' ? expression : undefined,
    kind === 'oncalendar' ? expression : undefined,
  ]
  return JSON.stringify([
    version,
    periodSeconds,
    cron,
    calendar,
    timeZone,
    graceSeconds,
    methods,
    manualResume,
    (filters as Item)['httpBody'],
    (rules as Item)['maxRuntimeSeconds'],
    (rules as Item)['earlySeconds'],
    runRulesText(rules as RunRules),
  ])
}

/** Which checks slug URLs lead to, and which they should. */
function aliasesApart(
  run: Run,
  registry: readonly Item[],
  checks: readonly Item[],
): readonly string[] {
  const pingKeys = new Map(
    registry.filter(({ sk }) => sk === 'project').map(({ id, pingKey }) => [id, String(pingKey)]),
  )
  const wanted = checks
    .filter(({ slug }) => slug !== '')
    .map(({ id, slug, projectId }) => `${pingKeys.get(projectId)}/${String(slug)} ${String(id)}`)
  const found = itemsOf(run, 'Lookups').flatMap(({ key, ...members }) =>
    String(key).includes('/')
      ? Object.keys(members).map((name) => `${String(key)} ${idOf(name)}`)
      : [],
  )
  return [
    ...wanted.filter((each) => !found.includes(each)).map((each) => `alias ${each} is missing`),
    ...found.filter((each) => !wanted.includes(each)).map((each) => `alias ${each} leads astray`),
  ]
}

function idOf(member: string): string {
  const digits = Buffer.from(member, 'base64url').toString('hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-')
}
