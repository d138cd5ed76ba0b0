import type { FlipMessage } from '../domain/telling/alert.ts'
import type { Outage } from '../domain/telling/outage.ts'
import type { PlannedTelling } from '../domain/telling/outlook.ts'
import type { Told } from './deliveries.ts'
import type { KnownCheck } from './known-check.ts'
import { type AmountTold, tell, type TellDeps } from './tell.ts'

/** `unread` are the channels that can't be read, and have not heard of the flip itself. */
export type AllTold = AmountTold & { readonly unread: readonly string[] }

/**
 * Tells all that is planned.
 * @param before what was told of the outage so far
 */
export async function tellPlan(
  deps: TellDeps,
  message: FlipMessage,
  {
    known,
    before,
    tellings,
  }: {
    readonly known: KnownCheck
    readonly before: Outage | undefined
    readonly tellings: readonly PlannedTelling[]
  },
): Promise<AllTold> {
  let all: AllTold = { channels: 0, gathered: 0, broken: [], unread: [] }
  for (const planned of tellings) {
    const told = await tell(deps, message, { ...known, ...toldIn(planned, message, before) })
    all = {
      channels: all.channels + told.channels,
      gathered: all.gathered + told.gathered,
      broken: [...all.broken, ...told.broken],
      unread: planned.number === 0 ? told.broken : all.unread,
    }
  }
  return all
}

/** Only the first word says what held it. */
function toldIn(
  { number, channelIds }: PlannedTelling,
  { flip }: FlipMessage,
  before: Outage | undefined,
): Told {
  if (number > 0) return { channelIds, telling: number }
  const { toldAt, unread } = before ?? {}
  const isFirst = flip.status === 'down' && (toldAt === undefined || unread !== undefined)
  return { channelIds, ...(isFirst && before?.held !== undefined ? { held: before.held } : {}) }
}
