import type { Alert } from '../alert.ts'
import { instantInWords } from '../../wire/words.ts'

/** That the ping may be missing because of us. */
export function noteOf({ impaired, check: { timeZone } }: Alert): string {
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
