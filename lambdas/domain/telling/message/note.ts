import type { Alert } from '../alert.ts'
import type { HoldReason } from '../hold.ts'
import { titleOf } from '../../watching/check.ts'
import { oneLine } from '../../wire/plain-text.ts'
import { instantInWords } from '../../wire/words.ts'

/** Why people hear of it late, and that the ping may be missing because of us. */
export function noteOf(alert: Alert): string {
  return [holdOf(alert), impairmentOf(alert)].filter((sentence) => sentence !== '').join(' ')
}

function holdOf({ held, check: { timeZone } }: Alert): string {
  if (held === undefined) return ''
  return `Held since ${instantInWords(held.since, timeZone)}: ${reasonOf(held.reason)}.`
}

function reasonOf(reason: HoldReason): string {
  switch (reason.kind) {
    case 'snoozed':
      return 'snoozed'
    case 'window': {
      const name = oneLine(reason.name)
      return name === '' ? 'a maintenance window' : `window "${name}"`
    }
    case 'depends': {
      const title = titleOf({ id: reason.checkId, name: oneLine(reason.name) })
      return `depends on "${title}"`
    }
  }
}

function impairmentOf({ impaired, check: { timeZone } }: Alert): string {
  if (impaired === undefined) return ''
  const from = instantInWords(impaired.startedAt, timeZone)
  const until =
    impaired.endedAt === undefined ? undefined : instantInWords(impaired.endedAt, timeZone)
  const when =
    until === undefined
      ? `Since ${from} pings cannot be taken`
      : `Pings could not be taken between ${from} and ${until}`
  return `${when}: this may be the fault of the monitoring, not of the job.`
}
