import type { StateRules } from '../../domain/watching/rules.ts'

/** The state rules that a ping can't obey in its first write: they depend on what was before. */
export type RunRules = Pick<
  StateRules,
  'minRuntimeSeconds' | 'mostPings' | 'failures' | 'successes'
>

/**
 * As they lie in a heartbeat: a letter each, and its numbers in base 36; undefined where there are
 * none.
 */
export function runRulesText({
  minRuntimeSeconds,
  mostPings,
  failures,
  successes,
}: RunRules): string | undefined {
  const parts = [
    minRuntimeSeconds === undefined ? [] : [`m${minRuntimeSeconds.toString(36)}`],
    mostPings === undefined ? [] : [`o${pairText(mostPings.count, mostPings.seconds)}`],
    failures === undefined ? [] : [`f${pairText(failures.count, failures.of)}`],
    successes === undefined ? [] : [`s${successes.toString(36)}`],
  ].flat()
  return parts.length === 0 ? undefined : parts.join(' ')
}

function pairText(one: number, other: number): string {
  return `${one.toString(36)}/${other.toString(36)}`
}

/** @throws when the text is none of rules. */
export function runRulesOf(text: string): RunRules {
  return Object.assign({}, ...text.split(' ').map(runRuleOf)) as RunRules
}

function runRuleOf(text: string): RunRules {
  const [, letter, first = '', second = ''] =
    /^([mofs])([0-9a-z]+)(?:\/([0-9a-z]+))?$/.exec(text) ?? []
  const [one, other] = [Number.parseInt(first, 36), Number.parseInt(second, 36)]
  if (letter === 'm') return { minRuntimeSeconds: one }
  if (letter === 'o') return { mostPings: { count: one, seconds: other } }
  if (letter === 'f') return { failures: { count: one, of: other } }
  if (letter === 's') return { successes: one }
  throw new Error(`a rule must be a letter and its numbers, got ${text}`)
}
