import type { StateRules } from '../../domain/watching/rules.ts'

/** The state rules that a ping can't obey in its first write: they depend on what was before. */
export type RunRules = Pick<
  StateRules,
  'minRuntimeSeconds' | 'mostPings' | 'failures' | 'successes'
>

/** As they lie in a heartbeat: a letter each, and its numbers; undefined where there are none. */
export function runRulesText({
  minRuntimeSeconds,
  mostPings,
  failures,
  successes,
}: RunRules): string | undefined {
  const parts = [
    minRuntimeSeconds === undefined ? [] : [`m${minRuntimeSeconds}`],
    mostPings === undefined ? [] : [`o${mostPings.count}/${mostPings.seconds}`],
    failures === undefined ? [] : [`f${failures.count}/${failures.of}`],
    successes === undefined ? [] : [`s${successes}`],
  ].flat()
  return parts.length === 0 ? undefined : parts.join(' ')
}

/** @throws when the text is none of rules. */
export function runRulesOf(text: string): RunRules {
  return Object.assign({}, ...text.split(' ').map(runRuleOf)) as RunRules
}

function runRuleOf(text: string): RunRules {
  const [, letter, first, second] = /^([mofs])(\d+)(?:\/(\d+))?$/.exec(text) ?? []
  const [one, other] = [Number(first), Number(second)]
  if (letter === 'm') return { minRuntimeSeconds: one }
  if (letter === 'o') return { mostPings: { count: one, seconds: other } }
  if (letter === 'f') return { failures: { count: one, of: other } }
  if (letter === 's') return { successes: one }
  throw new Error(`a rule must be a letter and its numbers, got ${text}`)
}
