import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs'
import type { FlipMessage } from '../../../lambdas/domain/telling/alert.ts'
import { plainFlipsOf, type ToldFlip } from '../oracle/flips.ts'
import { plainChangesOf } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

const MINUTE_MS = 60_000
/** From when a function looks at its clock to when what it writes is there. */
const CALL_MS = 1000
/** Two runs lie two minutes apart at most, and what a run does takes its time. */
const RUNS_MS = 2 * MINUTE_MS + 5 * CALL_MS
const FIRST_AGE_MINUTES = 2

/**
 * What nobody takes is sent again when its age passes 2, 4, 8 … minutes: not before, and once each
 * time. Judged where nothing fails but the function that takes flips, up to when sweeps become
 * rare.
 */
export const sentAgainSeldom: Invariant = {
  name: 'sent again seldom',
  find(run) {
    if (!run.world.faults.areNone) return []
    const resends = resendsOf(run)
    return plainFlipsOf(run).flatMap((flip) => [
      ...tooOften(flip, resends),
      ...notAtAll(run, flip, resends),
    ])
  },
}

type Resends = ReadonlyMap<string, readonly number[]>

function tooOften(flip: ToldFlip, resends: Resends): readonly string[] {
  const sent = resends.get(keyOf(flip)) ?? []
  return sent.flatMap((at, index) => {
    const ageMs = at - flip.happenedAt + CALL_MS
    return ageMs >= FIRST_AGE_MINUTES * 2 ** index * MINUTE_MS
      ? []
      : [`flip ${keyOf(flip)} is sent again at the age of ${ageMs} ms`]
  })
}

/** A recovery is owed by who knows that its outage was told; both wait in the queue else. */
function notAtAll(run: Run, flip: ToldFlip, resends: Resends): readonly string[] {
  const until =
    run.world.faults.noSweeps[1] > 0 ? -Infinity : Math.min(untoldUntil(run, flip), run.endAt)
  const sent = (resends.get(keyOf(flip)) ?? []).filter((at) => at <= until).length
  const wantedAt = flip.happenedAt + FIRST_AGE_MINUTES * 2 ** sent * MINUTE_MS + RUNS_MS
  return wantedAt > until ? [] : [`flip ${keyOf(flip)} is sent again ${sent} times until ${until}`]
}

/** Until when a flip is the one that its check's people wait for. */
function untoldUntil(run: Run, { checkId, happenedAt }: ToldFlip): number {
  const later = plainChangesOf(run).filter(({ id, at }) => id === checkId && at > happenedAt)
  const own = plainChangesOf(run).find(({ id, at }) => id === checkId && at === happenedAt)
  if (own?.after?.s === 'up' && own.after.a?.endsWith('#down') !== true) return -Infinity
  return (
    later.find(
      ({ before, after }) => after === undefined || after.s !== before?.s || after.a !== before.a,
    )?.at ?? Infinity
  )
}

/** When sweeps sent each flip. */
function resendsOf({ world }: Run): Resends {
  const sent = world.processes.flatMap(({ name, calls }) =>
    name !== 'sweep'
      ? []
      : calls.flatMap(({ operation, input, effectAt }) =>
          operation === 'SendMessageBatch' ? flipsIn(input, effectAt ?? Infinity) : [],
        ),
  )
  return new Map(
    [...Map.groupBy(sent, ({ key }) => key)].map(([key, each]) => [key, each.map(({ at }) => at)]),
  )
}

function flipsIn(input: object, at: number) {
  const { Entries = [] } = input as SendMessageBatchCommandInput
  return Entries.map(({ MessageBody = '' }) => ({
    key: keyOf((JSON.parse(MessageBody) as FlipMessage).flip),
    at,
  }))
}

function keyOf({
  checkId,
  at,
  count,
  status,
}: Pick<ToldFlip, 'checkId' | 'at' | 'count'> & { readonly status: string }): string {
  return `${checkId} ${status} ${count} ${at}`
}
