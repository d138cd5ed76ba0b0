import type { UnclearChannel } from '../managing/chosen-channels.ts'
import type { UnsoundRules } from '../managing/sound-rules.ts'

export type RowRefusal =
  UnclearChannel | UnsoundRules | { readonly refusal: 'full'; readonly limit: number }

/** Why a row can't be taken, in words behind its name. */
export function refusalWords(refused: RowRefusal): string {
  switch (refused.refusal) {
    case 'unknown-channel':
      return `names a channel that the project does not have: ${refused.name}`
    case 'ambiguous-channel':
      return `names a channel of which the project has several: ${refused.name}`
    case 'early-without-schedule':
      return 'has the rule early without a cron or OnCalendar schedule'
    case 'early-too-long':
      return `has a rule early that reaches the run before, ${refused.gapSeconds} seconds earlier`
    case 'escalation-unknown':
      return `escalates to a channel that the project does not have: ${refused.channelId}`
    case 'parent-unknown':
      return 'depends on a check that the project does not have'
    case 'parent-circular':
      return 'depends on a check that depends on it'
    case 'unreadable':
      return 'depends on a check that the registry cannot read'
    case 'full':
      return `is one more than the ${refused.limit} checks that the project may have`
  }
}

/** Whether a row that is refused in these words may be taken once another is. */
export function waitsForAnother(words: string): boolean {
  return words.startsWith('depends on a check ')
}
