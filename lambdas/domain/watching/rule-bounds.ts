import type { Rules } from './rules.ts'

/** The bounds of rules, wherever a check comes from. */
export const ruleBounds = {
  runtimeSeconds: { least: 1, most: 31_536_000 },
  earlySeconds: { least: 1, most: 86_400 },
  ends: { least: 1, most: 100 },
  endsSeconds: { least: 60, most: 604_800 },
  runs: { least: 1, most: 20 },
  repeatSeconds: { least: 300, most: 2_592_000 },
  escalationSeconds: { least: 60, most: 2_592_000 },
  mostEscalations: 5,
  /** Each read of the check reads them all. */
  mostChannelsTold: 20,
  mostParents: 10,
} as const

type Bounds = { readonly least: number; readonly most: number }

/** Whether a check may have rules. Restored and imported ones were not always made here. */
export function areInBounds(rules: Rules): boolean {
  const { mostPings, failures, escalate = [], dependsOn = [] } = rules
  const numbers: readonly (readonly [Bounds, number | undefined])[] = [
    [ruleBounds.runtimeSeconds, rules.maxRuntimeSeconds],
    [ruleBounds.runtimeSeconds, rules.minRuntimeSeconds],
    [ruleBounds.earlySeconds, rules.earlySeconds],
    [ruleBounds.ends, mostPings?.count],
    [ruleBounds.endsSeconds, mostPings?.seconds],
    [ruleBounds.runs, failures?.count],
    [{ ...ruleBounds.runs, least: failures?.count ?? 0 }, failures?.of],
    [ruleBounds.runs, rules.successes],
    [ruleBounds.repeatSeconds, rules.repeatSeconds],
    ...escalate.map((step) => [ruleBounds.escalationSeconds, step.afterSeconds] as const),
  ]
  const lists: readonly (readonly [most: number, list: readonly unknown[]])[] = [
    [ruleBounds.mostEscalations, escalate],
    ...escalate.map((step) => [ruleBounds.mostChannelsTold, step.channelIds] as const),
    [ruleBounds.mostParents, dependsOn],
  ]
  return numbers.every(isWithin) && lists.every(([most, list]) => list.length <= most)
}

function isWithin([{ least, most }, value]: readonly [Bounds, number | undefined]): boolean {
  return value === undefined || (Number.isInteger(value) && value >= least && value <= most)
}
