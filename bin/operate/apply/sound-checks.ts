import { parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { newCheck } from '../../../lambdas/domain/watching/new-check.ts'
import { given } from '../../../lambdas/managing/fields/given.ts'
import { soundnessOf } from '../../../lambdas/managing/sound-rules.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import type { CheckEntry } from './check-entry.ts'
import type { FieldFault } from './fault.ts'
import type { ProjectState } from './project.ts'

/** What only all checks of the project together show to be wrong, once they are as is wanted. */
export async function unsoundChecks(
  wanted: ReadonlyMap<string, CheckEntry>,
  { checks, names }: ProjectState,
): Promise<readonly FieldFault[]> {
  const others = checks
    .map(({ id, entry }) => [names.checks.nameOf(id), entry] as const)
    .filter(([name]) => !wanted.has(name))
  const all = [...others, ...wanted].map(([name, entry]) => judgedCheck(name, entry))
  const registry = {
    channelNames: () => Promise.resolve([]),
    census: () => Promise.resolve({ checks: all.length, revision: 0 }),
    checks: () => Promise.resolve(all),
  }
  const faults: FieldFault[] = []
  for (const check of all.filter(({ id }) => wanted.has(id))) {
    const soundness = await soundnessOf({ registry, clock }, check)
    if ('refusal' in soundness) faults.push(faultOf(check.id, soundness))
  }
  return faults
}

/** A check by its name, as far as it takes others to judge it. */
function judgedCheck(name: string, entry: CheckEntry): Check {
  const { early, depends_on: dependsOn } = entry.rules
  const schedule = 'schedule' in entry ? parseSchedule(entry.schedule) : undefined
  return {
    ...newCheck({ id: name, projectId: '', createdAt: 0, badgeKey: '' }),
    ...(schedule && 'tz' in entry && { schedule, timeZone: entry.tz }),
    graceSeconds: entry.grace,
    rules: given({ earlySeconds: early, dependsOn }),
  }
}

type Unsound = Extract<Awaited<ReturnType<typeof soundnessOf>>, { readonly refusal: string }>

function faultOf(slug: string, unsound: Unsound): FieldFault {
  const rule = (name: string, words: string) => ({ path: ['checks', slug, 'rules', name], words })
  switch (unsound.refusal) {
    case 'early-without-schedule':
      return rule('early', 'needs a schedule, not a timeout')
    case 'early-too-long':
      return rule(
        'early',
        `and grace together must be shorter than the time between two runs, which may be ${unsound.gapSeconds} seconds`,
      )
    case 'escalation-unknown':
      return rule('escalate', `names no channel: ${unsound.channelId}`)
    case 'parent-unknown':
      return rule('depends_on', `names no check: ${unsound.checkId}`)
    case 'parent-circular':
      return rule('depends_on', 'has the check depend on itself')
    case 'unreadable':
      throw new Error('checks of a file can be read')
  }
}
