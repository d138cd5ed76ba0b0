import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import type { Process } from '../process.ts'

/**
 * What somebody outside has taken: a mail, or a call to a webhook; and the deliveries that it
 * tells.
 */
export type Sent = {
  readonly at: number
  readonly by: Process
  readonly tells: readonly string[]
}

/**
 * A flip on its way to a channel, as the oracle names it; with a number, that its check is still
 * down.
 */
export function toldKey(
  { checkId, status, count, at }: Pick<Flip, 'checkId' | 'status' | 'count' | 'at'>,
  channelId: string,
  telling = 0,
): string {
  const what = telling === 0 ? status : `${status}+${telling}`
  return `${checkId} ${what} ${count} ${at} ${channelId}`
}
