import type { Invariant, Run } from '../invariant.ts'
import { spilledRequests } from '../oracle/spilled.ts'

/**
 * 8. A check that the API has made is known to every ping after its answer, one that it has deleted
 * to none; its callers read what they wrote.
 */
export const answersTakeEffectAtOnce: Invariant = {
  name: '8 answers take effect at once',
  find: (run) => [...forgotten(run), ...undead(run)],
}

function forgotten({ told }: Run): readonly string[] {
  const madeAt = new Map<unknown, number>()
  for (const { action, status, answer, answeredAt } of told.calls) {
    const isMade =
      (action === 'create' || action === 'upsert') && (status === 200 || status === 201)
    if (isMade)
      madeAt.set(answer['uuid'], Math.min(answeredAt, madeAt.get(answer['uuid']) ?? Infinity))
  }
  const deletedFrom = new Map(
    told.calls
      .filter(({ action, key }) => action === 'delete' && key === 'owner')
      .map((call) => [call.checkId, call.sentAt])
      .reverse() as [string, number][],
  )
  return told.pings.flatMap(({ checkId = '', status, sentAt, answeredAt }) => {
    const isKnown =
      sentAt >= (madeAt.get(checkId) ?? Infinity) &&
      answeredAt < (deletedFrom.get(checkId) ?? Infinity)
    return status === 404 && isKnown
      ? [`a ping to ${checkId} at ${sentAt} was answered 404, made at ${madeAt.get(checkId)}`]
      : []
  })
}

/** A ping that goes to the spill queue is answered before anybody has looked for its check. */
function undead(run: Run): readonly string[] {
  const { told } = run
  const spilled = spilledRequests(run)
  const deleted = told.calls.filter(({ action, status }) => action === 'delete' && status === 200)
  return deleted.flatMap(({ checkId, answeredAt }) => [
    ...told.pings
      .filter(
        (ping) =>
          ping.checkId === checkId &&
          ping.sentAt >= answeredAt &&
          ping.status >= 200 &&
          ping.status < 300 &&
          !spilled.has(ping.requestId),
      )
      .map(
        ({ sentAt, status }) =>
          `a ping at ${sentAt} to ${checkId}, deleted at ${answeredAt}, was answered ${status}`,
      ),
    ...told.calls
      .filter(
        (call) =>
          call.checkId === checkId &&
          call.sentAt >= answeredAt &&
          call.action !== 'list' &&
          call.status === 200,
      )
      .map(
        ({ action, sentAt }) =>
          `${action} at ${sentAt} of ${checkId}, deleted at ${answeredAt}, was answered 200`,
      ),
  ])
}
